//! A request is withdrawn.

use commands::help_request::withdraw::Withdraw;
use domain::help_request::withdraw::Refusal;
use domain::ids::HelpRequestId;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Withdraw a request.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/withdraw", tag = "help_request", request_body = Nothing,
    responses(Done<Withdraw>, Refuses<Refusal>))]
pub(crate) async fn withdraw(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Nothing>,
) -> Reply<Done<Withdraw>> {
    call.act(|Nothing {}| Withdraw { help_request_id }).await
}
