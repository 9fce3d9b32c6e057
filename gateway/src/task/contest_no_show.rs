//! Whoever is said not to have come disagrees.

use commands::task::contest_no_show::ContestNoShow;
use domain::ids::{ClaimId, TaskId};
use domain::task::contest_no_show::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = ContestNoShowOfTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Contest the report of an absence.
#[utoipa::path(post, path = "/tasks/{task_id}/contest-no-show", tag = "task", request_body = Body,
    responses(Done<ContestNoShow>, Refuses<Refusal>))]
pub(crate) async fn contest_no_show(
    At(task_id): At<TaskId>,
    call: Call<Body>,
) -> Reply<Done<ContestNoShow>> {
    call.act(|body| ContestNoShow {
        task_id,
        claim_id: body.claim_id,
    })
    .await
}
