//! Somebody is at work, or still is.

use commands::task::start::Start;
use domain::ids::{ClaimId, TaskId};
use domain::task::start::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = StartTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Start work, or take a completion back within 15 minutes.
#[utoipa::path(post, path = "/tasks/{task_id}/start", tag = "task", request_body = Body,
    responses(Done<Start>, Refuses<Refusal>))]
pub(crate) async fn start(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Start>> {
    call.act(|body| Start {
        task_id,
        claim_id: body.claim_id,
    })
    .await
}
