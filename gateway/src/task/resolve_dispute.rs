//! A coordinator decides what stands after a dispute.

use commands::task::resolve_dispute::ResolveDispute;
use domain::ids::{ClaimId, TaskId};
use domain::task::resolve_dispute::{Outcome, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim, and what is said of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = ResolveDisputeOfTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
    /// What stands.
    outcome: Outcome,
}

/// Decide what stands after a dispute.
#[utoipa::path(post, path = "/tasks/{task_id}/resolve-dispute", tag = "task", request_body = Body,
    responses(Done<ResolveDispute>, Refuses<Refusal>))]
pub(crate) async fn resolve_dispute(
    At(task_id): At<TaskId>,
    call: Call<Body>,
) -> Reply<Done<ResolveDispute>> {
    call.act(|body| ResolveDispute {
        task_id,
        claim_id: body.claim_id,
        outcome: body.outcome,
    })
    .await
}
