//! Whether the process lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use commands::evidence::sealer::{SealerState, SealerStatus};
use projections::follower::State as ViewState;
use projections::progress::Progress;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// A database that takes longer than this to name its head is not one to serve from.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a gateway that can serve says of itself.
#[derive(Serialize, ToSchema)]
pub struct Readiness {
    /// Always true: otherwise the answer is 503.
    ready: bool,
    /// The last position of the log.
    position: i64,
    /// Where the read models stand that this process keeps. One that lags or stopped does not keep
    /// acts from being done, and its answers say how old they are.
    views: Vec<ViewStands>,
    /// How far this process sealed the history, if it does.
    seal: SealStands,
}

/// How far the history is sealed.
#[derive(Serialize, ToSchema)]
pub struct SealStands {
    /// The position up to which this process signed it; 0 if it does not.
    position: u64,
    /// It signs nothing before somebody has looked: what it would sign does not follow on what it
    /// signed. The position that differs stands in the log file, and `sospeso doctor` tells it.
    stopped: bool,
}

impl From<&SealerStatus> for SealStands {
    fn from(status: &SealerStatus) -> Self {
        Self {
            position: status.size,
            stopped: matches!(status.state, SealerState::Stopped(_)),
        }
    }
}

/// Where a read model stands.
#[derive(Serialize, ToSchema)]
pub struct ViewStands {
    /// Its name.
    name: &'static str,
    /// The position that it has reached, also while it is being built.
    position: i64,
    /// How many positions it is behind the log.
    behind: i64,
    /// It met an act that it cannot apply, or its tables fail; the cause stands in the log file.
    stopped: bool,
    /// It is being built from the first act on, and until then what asks it is told to come again.
    building: bool,
}

impl Readiness {
    fn at(head: i64, progress: &Progress, seal: SealStands) -> Self {
        let stands = |(name, position, state)| ViewStands {
            name,
            position,
            behind: (head - position).max(0),
            stopped: matches!(state, ViewState::Held { .. } | ViewState::Stopped { .. }),
            building: state == ViewState::Building,
        };
        Self {
            ready: true,
            position: head,
            views: progress.all().into_iter().map(stands).collect(),
            seal,
        }
    }
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
        (status = 200, description = "It can serve.", body = Readiness),
        (status = 503, description = "`unavailable`: the database does not answer."),
    )
)]
pub async fn readyz(State(app): State<Arc<App>>) -> Response {
    match tokio::time::timeout(PATIENCE, app.desk.log().head()).await {
        Ok(Ok(head)) => {
            let seal = SealStands::from(&*app.evidence.sealer.borrow());
            Json(Readiness::at(head, &app.progress, seal)).into_response()
        }
        Ok(Err(_)) | Err(_) => {
            Problem::come_again("unavailable", "the database does not answer").into_response()
        }
    }
}
