//! `GET /evidence/key`.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;

use crate::app::App;

/// The public key of this log, as signed notes write it: `name+id+base64`. While the log changes its
/// key, a line for each of the two that sign, the newer first. Whoever checks a
/// checkpoint should have it from somewhere else than from here. Public.
#[utoipa::path(get, path = "/evidence/key", tag = "evidence", security(()),
    responses((status = 200, description = "The verifier key, one a line.", body = String,
        content_type = "text/plain")))]
pub(crate) async fn key(State(app): State<Arc<App>>) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "text/plain; charset=utf-8"),
        (CACHE_CONTROL, "no-cache"),
    ];
    let keys = app.evidence.key.verifiers().iter();
    let keys: Vec<String> = keys.map(ToString::to_string).collect();
    (headers, keys.join("\n") + "\n")
}
