//! Whoever holds the claim did a part of it and goes on.

use commands::help_request::partly_fulfil::PartlyFulfil;
use domain::help_request::partly_fulfil::Refusal;
use domain::ids::{ClaimId, HelpRequestId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The claim.
#[derive(Deserialize, ToSchema)]
#[schema(as = PartlyFulfilHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The claim.
    claim_id: ClaimId,
}

/// Tell that a part was done; the claim goes on.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/partly-fulfil", tag = "help_request", request_body = Body,
    responses(Done<PartlyFulfil>, Refuses<Refusal>))]
pub(crate) async fn partly_fulfil(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<PartlyFulfil>> {
    call.act(|body| PartlyFulfil {
        help_request_id,
        claim_id: body.claim_id,
    })
    .await
}
