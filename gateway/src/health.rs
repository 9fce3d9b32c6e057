//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// A database that takes longer than this to name its head is not one to serve from.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a gateway that can serve says of itself.
#[derive(Serialize, ToSchema)]
pub struct Ready {
    /// Always true: otherwise the answer is 503.
    ready: bool,
    /// The last position of the log.
    position: i64,
}

/// The process lives.
#[utoipa::path(get, path = "/livez", tag = "health", responses((status = 200, description = "It lives.")))]
pub async fn livez() -> &'static str {
    "ok\n"
}

/// The database answers.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "health",
    responses(
        (status = 200, description = "It can serve.", body = Ready),
        (status = 503, description = "`unavailable`: the database does not answer."),
    )
)]
pub async fn readyz(State(app): State<Arc<App>>) -> Response {
    match tokio::time::timeout(PATIENCE, app.desk.log().head()).await {
        Ok(Ok(position)) => Json(Ready {
            ready: true,
            position,
        })
        .into_response(),
        Ok(Err(_)) | Err(_) => {
            Problem::come_again("unavailable", "the database does not answer").into_response()
        }
    }
}
