//! A member takes a request on.

use commands::help_request::claim::Claim;
use commands::member::Refusal as NoMember;
use domain::help_request::claim::Refusal;
use domain::ids::{HelpRequestId, MemberId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Created, Refuses, Reply};

/// Who takes it on.
#[derive(Deserialize, ToSchema)]
#[schema(as = ClaimHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The member, where it is not the caller.
    member_id: Option<MemberId>,
}

/// Take a request on.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/claim", tag = "help_request", request_body = Body,
    responses(Created<Claim>, Refuses<Refusal, NoMember>))]
pub(crate) async fn claim(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Created<Claim>> {
    call.create(|body| Claim {
        help_request_id,
        member_id: body.member_id,
    })
    .await
}
