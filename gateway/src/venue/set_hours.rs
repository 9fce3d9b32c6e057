//! A venue says when it is open.

use commands::venue::set_hours::SetHours;
use domain::hours::Hours;
use domain::ids::VenueId;
use domain::venue::set_hours::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// The hours.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetVenueHours)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The usual hours in the words of OpenStreetMap; closures come on top.
    opening_hours: Hours,
}

/// Set the opening hours of a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/set-hours", tag = "venue", request_body = Body,
    responses(Done<SetHours>, Refuses<Refusal>))]
pub(crate) async fn set_hours(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<SetHours>> {
    call.act(|body| SetHours {
        venue_id,
        opening_hours: body.opening_hours,
    })
    .await
}
