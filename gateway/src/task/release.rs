//! A claim ends without work.

use commands::task::release::Release;
use domain::ids::{ClaimId, TaskId};
use domain::task::release::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReleaseTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Give a claim up, or take it back.
#[utoipa::path(post, path = "/tasks/{task_id}/release", tag = "task", request_body = Body,
    responses(Done<Release>, Refuses<Refusal>))]
pub(crate) async fn release(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Release>> {
    call.act(|body| Release {
        task_id,
        claim_id: body.claim_id,
    })
    .await
}
