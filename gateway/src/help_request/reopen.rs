//! A closed request is open again.

use chrono::{DateTime, Utc};
use commands::help_request::reopen::Reopen;
use domain::help_request::reopen::{Refusal, ReopenReason};
use domain::ids::HelpRequestId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Why, and until when.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReopenHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Why.
    reason: ReopenReason,
    /// The instant from which it is no longer offered; absent = after 30 days.
    expires_at: Option<DateTime<Utc>>,
}

/// Open a closed request again.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/reopen", tag = "help_request", request_body = Body,
    responses(Done<Reopen>, Refuses<Refusal>))]
pub(crate) async fn reopen(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<Reopen>> {
    call.act(|body| Reopen {
        help_request_id,
        reason: body.reason,
        expires_at: body.expires_at,
    })
    .await
}
