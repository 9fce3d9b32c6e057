//! A task is not needed or not possible any more.

use commands::task::cancel::Cancel;
use domain::ids::TaskId;
use domain::task::cancel::{CancelReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Why.
#[derive(Deserialize, ToSchema)]
#[schema(as = CancelTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Why.
    reason: CancelReason,
}

/// Cancel a task; nobody has to come.
#[utoipa::path(post, path = "/tasks/{task_id}/cancel", tag = "task", request_body = Body,
    responses(Done<Cancel>, Refuses<Refusal>))]
pub(crate) async fn cancel(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Cancel>> {
    call.act(|body| Cancel {
        task_id,
        reason: body.reason,
    })
    .await
}
