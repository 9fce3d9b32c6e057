//! An operator records that an organisation leaves.

use commands::organisation::leave::Leave;
use domain::ids::OrganisationId;
use domain::organisation::leave::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Let an organisation leave.
#[utoipa::path(post, path = "/organisations/{organisation_id}/leave", tag = "organisation", request_body = Nothing,
    responses(Done<Leave>, Refuses<Refusal>))]
pub(crate) async fn leave(
    At(organisation_id): At<OrganisationId>,
    call: Call<Nothing>,
) -> Reply<Done<Leave>> {
    call.act(|Nothing {}| Leave { organisation_id }).await
}
