//! Somebody at the venue says that what the network shows is still true.

use commands::venue::confirm::Confirm;
use domain::ids::VenueId;
use domain::venue::confirm::{Confirmable, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// What was looked at.
#[derive(Deserialize, ToSchema)]
#[schema(as = ConfirmVenue)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What was looked at.
    what: Confirmable,
}

/// Confirm what is shown of a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/confirm", tag = "venue", request_body = Body,
    responses(Done<Confirm>, Refuses<Refusal>))]
pub(crate) async fn confirm(At(venue_id): At<VenueId>, call: Call<Body>) -> Reply<Done<Confirm>> {
    call.act(|body| Confirm {
        venue_id,
        what: body.what,
    })
    .await
}
