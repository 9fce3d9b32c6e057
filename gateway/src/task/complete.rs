//! Work was done: under a claim, or by somebody who simply came.

use commands::task::complete::{By, Complete};
use domain::ids::TaskId;
use domain::task::complete::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// By whom, and how long it took.
#[derive(Deserialize, ToSchema)]
#[schema(as = CompleteTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Under which claim, if any.
    by: By,
    /// How long it took, 1 to 10080.
    minutes: u32,
}

/// Tell that work was done.
#[utoipa::path(post, path = "/tasks/{task_id}/complete", tag = "task", request_body = Body,
    responses(Done<Complete>, Refuses<Refusal>))]
pub(crate) async fn complete(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Complete>> {
    call.act(|body| Complete {
        task_id,
        by: body.by,
        minutes: body.minutes,
    })
    .await
}
