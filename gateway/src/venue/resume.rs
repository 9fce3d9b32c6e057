//! A suspended venue takes vouchers again. Those that were moved stay where they are.

use commands::venue::resume::Resume;
use domain::ids::VenueId;
use domain::venue::resume::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Resume a suspended venue.
#[utoipa::path(post, path = "/venues/{venue_id}/resume", tag = "venue", request_body = Nothing,
    responses(Done<Resume>, Refuses<Refusal>))]
pub(crate) async fn resume(At(venue_id): At<VenueId>, call: Call<Nothing>) -> Reply<Done<Resume>> {
    call.act(|Nothing {}| Resume { venue_id }).await
}
