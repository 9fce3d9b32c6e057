//! Somebody who was there, or knows, says that the work was done.

use commands::task::confirm::Confirm;
use domain::ids::{ClaimId, TaskId};
use domain::task::confirm::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = ConfirmTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Confirm that work was done.
#[utoipa::path(post, path = "/tasks/{task_id}/confirm", tag = "task", request_body = Body,
    responses(Done<Confirm>, Refuses<Refusal>))]
pub(crate) async fn confirm(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Done<Confirm>> {
    call.act(|body| Confirm {
        task_id,
        claim_id: body.claim_id,
    })
    .await
}
