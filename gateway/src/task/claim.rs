//! A member takes one of the slots.

use commands::member::Refusal as NoMember;
use commands::task::claim::Claim;
use domain::ids::{MemberId, TaskId};
use domain::task::claim::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Created, Refuses, Reply};

/// Who is going to come.
#[derive(Deserialize, ToSchema)]
#[schema(as = ClaimTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The member, where it is not the caller.
    member_id: Option<MemberId>,
}

/// Take one of the slots.
#[utoipa::path(post, path = "/tasks/{task_id}/claim", tag = "task", request_body = Body,
    responses(Created<Claim>, Refuses<Refusal, NoMember>))]
pub(crate) async fn claim(At(task_id): At<TaskId>, call: Call<Body>) -> Reply<Created<Claim>> {
    call.create(|body| Claim {
        task_id,
        member_id: body.member_id,
    })
    .await
}
