//! A venue announces that it will be closed although its hours say that it is open.

use chrono::{DateTime, Utc};
use commands::venue::announce_closure::AnnounceClosure;
use domain::ids::VenueId;
use domain::venue::announce_closure::{ClosureReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Created, Refuses, Reply};

/// From when to when, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = AnnounceClosure)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// From when; absent = from now on.
    from: Option<DateTime<Utc>>,
    /// The instant from which it is open again; absent = until the closure is cancelled.
    to: Option<DateTime<Utc>>,
    /// Why.
    reason: ClosureReason,
}

/// Announce a closure of a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/announce-closure", tag = "venue", request_body = Body,
    responses(Created<AnnounceClosure>, Refuses<Refusal>))]
pub(crate) async fn announce_closure(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Created<AnnounceClosure>> {
    call.create(|body| AnnounceClosure {
        venue_id,
        from: body.from,
        to: body.to,
        reason: body.reason,
    })
    .await
}
