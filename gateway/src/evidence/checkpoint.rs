//! `GET /evidence/checkpoint`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use commands::executor::Failure;

use crate::act::Reply;
use crate::app::App;
use crate::problem::Problem;

/// The newest checkpoint: a signed note (c2sp.org/tlog-checkpoint) with the signature of the log's
/// key and those of witnesses. Public.
#[utoipa::path(get, path = "/evidence/checkpoint", tag = "evidence", security(()),
    responses((status = 200, description = "The signed note.", body = String,
        content_type = "text/plain"),
        (status = 404, description = "`not_found`: nothing was sealed yet.")))]
pub(crate) async fn checkpoint(State(app): State<Arc<App>>) -> Reply<Response> {
    let last = app.evidence.seals.last().await.map_err(Failure::Log)?;
    let last = last.ok_or_else(Problem::not_found)?;
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    Ok((headers, last.text()).into_response())
}
