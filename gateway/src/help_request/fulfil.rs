//! Help was given.

use commands::help_request::fulfil::Fulfil;
use domain::help_request::fulfil::Refusal;
use domain::ids::{ClaimId, HelpRequestId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = FulfilHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim under which help was given; absent if somebody outside helped.
    claim_id: Option<ClaimId>,
}

/// Tell that help was given.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/fulfil", tag = "help_request", request_body = Body,
    responses(Done<Fulfil>, Refuses<Refusal>))]
pub(crate) async fn fulfil(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<Fulfil>> {
    call.act(|body| Fulfil {
        help_request_id,
        claim_id: body.claim_id,
    })
    .await
}
