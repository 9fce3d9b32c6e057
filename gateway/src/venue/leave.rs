//! A venue leaves the network: its vouchers go elsewhere.

use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use commands::venue::leave::Leave;
use domain::ids::VenueId;
use domain::venue::disposal::Disposal;
use domain::venue::leave::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use super::disposal::Follow;
use crate::act::{Accepted, At, Call, Refuses, Reply};

/// From when, and what becomes of the vouchers.
#[derive(Deserialize, ToSchema)]
#[schema(as = LeaveVenue)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// From when the venue takes no vouchers; absent = from now on.
    effective_at: Option<DateTime<Utc>>,
    /// What becomes of those that are prepaid.
    vouchers: Disposal,
}

/// Let a venue leave. Its vouchers go elsewhere, in batches; the answer says where to look.
#[utoipa::path(post, path = "/venues/{venue_id}/leave", tag = "venue", request_body = Body,
    responses(Accepted<Leave, Follow>, Refuses<Refusal>))]
pub(crate) async fn leave(At(venue_id): At<VenueId>, call: Call<Body>) -> Reply<impl IntoResponse> {
    let follow = Follow::of(&call.caller, venue_id);
    let answer = call.accept(|body| Leave {
        venue_id,
        effective_at: body.effective_at,
        vouchers: body.vouchers,
    });
    Ok((follow.location(), answer.await?.with(follow)))
}
