//! A claim ends without help.

use commands::help_request::release::Release;
use domain::help_request::release::Refusal;
use domain::ids::{ClaimId, HelpRequestId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReleaseHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Give a claim up, or take it back.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/release", tag = "help_request", request_body = Body,
    responses(Done<Release>, Refuses<Refusal>))]
pub(crate) async fn release(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<Release>> {
    call.act(|body| Release {
        help_request_id,
        claim_id: body.claim_id,
    })
    .await
}
