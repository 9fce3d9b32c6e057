//! Somebody had to be turned away: the need that is not met is recorded.

use chrono::{DateTime, Utc};
use commands::venue::turn_away::TurnAway;
use domain::ids::VenueId;
use domain::venue::turn_away::{AskedFor, Refusal, TurnedAwayReason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// What they asked for, and why they did not get it.
#[derive(Deserialize, ToSchema)]
#[schema(as = TurnAway)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What they asked for.
    what: AskedFor,
    /// Why they did not get it.
    reason: TurnedAwayReason,
    /// How many; absent = one.
    #[serde(default = "one")]
    count: u32,
    /// When they were told to come back.
    come_back_at: Option<DateTime<Utc>>,
}

/// Record that people were turned away.
#[utoipa::path(post, path = "/venues/{venue_id}/turn-away", tag = "venue", request_body = Body,
    responses(Done<TurnAway>, Refuses<Refusal>))]
pub(crate) async fn turn_away(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<TurnAway>> {
    call.act(|body| TurnAway {
        venue_id,
        what: body.what,
        reason: body.reason,
        count: body.count,
        come_back_at: body.come_back_at,
    })
    .await
}

fn one() -> u32 {
    1
}
