//! Somebody did not come, or did not open the door.

use commands::task::report_no_show::ReportNoShow;
use domain::ids::{ClaimId, TaskId};
use domain::task::report_no_show::{Absent, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim, and what is said of it.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReportNoShowOfTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
    /// Who was not there.
    who: Absent,
}

/// Report that somebody did not come.
#[utoipa::path(post, path = "/tasks/{task_id}/report-no-show", tag = "task", request_body = Body,
    responses(Done<ReportNoShow>, Refuses<Refusal>))]
pub(crate) async fn report_no_show(
    At(task_id): At<TaskId>,
    call: Call<Body>,
) -> Reply<Done<ReportNoShow>> {
    call.act(|body| ReportNoShow {
        task_id,
        claim_id: body.claim_id,
        who: body.who,
    })
    .await
}
