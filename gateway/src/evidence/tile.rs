//! `GET /evidence/tile/<level>/<number>`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use commands::executor::Failure;
use domain::evidence::tile::TileId;

use crate::act::Reply;
use crate::app::App;
use crate::problem::Problem;

/// What is served is the same for ever, a partial tile too.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// A tile of the tree (c2sp.org/tlog-tiles): its hashes, 32 bytes each. The number is written in
/// groups of three digits, all but the last with an `x` before and a `/` after it, and a partial
/// tile ends in `.p/` and its width, e.g. `/evidence/tile/0/x001/234.p/8`. Public.
#[utoipa::path(get, path = "/evidence/tile/{level}/{number}", tag = "evidence", security(()),
    params(
        ("level" = String, Path, description = "0 to 63, as tlog-tiles numbers them."),
        ("number" = String, Path, description = "Which tile of the level."),
    ),
    responses((status = 200, description = "1 to 256 hashes.", body = Vec<u8>,
        content_type = "application/octet-stream"),
        (status = 404, description = "`not_found`: the last checkpoint does not cover it.")))]
pub(crate) async fn tile(
    State(app): State<Arc<App>>,
    Path((level, number)): Path<(String, String)>,
) -> Reply<Response> {
    answer(&app, &format!("tile/{level}/{number}")).await
}

/// The same where the number has more parts.
pub(super) async fn deep(
    State(app): State<Arc<App>>,
    Path((level, number, rest)): Path<(String, String, String)>,
) -> Reply<Response> {
    answer(&app, &format!("tile/{level}/{number}/{rest}")).await
}

async fn answer(app: &App, path: &str) -> Reply<Response> {
    let asked: TileId = path.parse().map_err(|_| Problem::not_found())?;
    let seals = &app.evidence.seals;
    let last = seals.last().await.map_err(Failure::Log)?;
    let signed = last.and_then(|last| asked.in_tree(last.size));
    // The tree has as much of it, or more: a partial tile is the beginning of what it grew to.
    signed
        .filter(|signed| signed.width >= asked.width)
        .ok_or_else(Problem::not_found)?;
    let found = seals.tiles(vec![(asked.level, asked.index)]).await;
    let found = found.map_err(Failure::Log)?.pop();
    let mut found = found.ok_or_else(|| Problem::broken(&format!("{path} is not there")))?;
    found.hashes.truncate(usize::from(asked.width));
    if found.id() != asked {
        return Err(Problem::broken(&format!("{path} is not whole")));
    }
    let headers = [
        (CONTENT_TYPE, "application/octet-stream"),
        (CACHE_CONTROL, FOR_EVER),
    ];
    Ok((headers, found.to_bytes()).into_response())
}
