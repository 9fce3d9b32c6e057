//! No help could be found: it shows unmet need.

use commands::help_request::close_unmet::CloseUnmet;
use domain::help_request::close_unmet::{Refusal, UnmetReason};
use domain::ids::HelpRequestId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Why.
#[derive(Deserialize, ToSchema)]
#[schema(as = CloseHelpRequestUnmet)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Why.
    reason: UnmetReason,
}

/// Close a request for which no help could be found.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/close-unmet", tag = "help_request", request_body = Body,
    responses(Done<CloseUnmet>, Refuses<Refusal>))]
pub(crate) async fn close_unmet(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<CloseUnmet>> {
    call.act(|body| CloseUnmet {
        help_request_id,
        reason: body.reason,
    })
    .await
}
