//! Somebody says that the work was not done, or not so.

use commands::task::dispute::Dispute;
use domain::ids::{ClaimId, TaskId};
use domain::task::dispute::{DisputeReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim, and what is said of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = DisputeTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
    /// Why.
    reason: DisputeReason,
}

/// Dispute that work was done, or done so.
#[utoipa::path(post, path = "/tasks/{task_id}/dispute", tag = "task", request_body = Body,
    responses(Done<Dispute>, Refuses<Refusal>))]
pub(crate) async fn dispute(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Dispute>> {
    call.act(|body| Dispute {
        task_id,
        claim_id: body.claim_id,
        reason: body.reason,
    })
    .await
}
