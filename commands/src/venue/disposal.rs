//! How far the vouchers of a venue that takes none any more are.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::ids::VenueId;
use domain::venue::disposal::Disposed;
use domain::venue::{Standing, Venue};
use serde::Serialize;
use utoipa::ToSchema;

use crate::executor::{Desk, Failure};
use crate::principal::Principal;

/// The most vouchers that are counted.
const MOST_LEFT: usize = 1_000;

/// How far a venue's vouchers are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VenueDisposal)]
pub struct Disposal {
    /// How far.
    pub status: Status,
    /// From when the venue takes no vouchers; absent while it takes some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_at: Option<DateTime<Utc>>,
    /// How many vouchers went so far.
    pub count: u32,
    /// How many are still there, at most 1000.
    pub left: usize,
    /// Whether more than 1000 are still there.
    pub left_is_more: bool,
}

/// How far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VenueDisposalStatus)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// The vouchers stay where they are.
    NotAsked,
    /// They go, or wait for the instant from which the venue takes none.
    Pending,
    /// They went.
    Done,
}

/// How far this venue's vouchers are, for the operator and the venue itself.
///
/// # Errors
/// If there is no such venue, or the caller may not look.
pub async fn disposal(
    desk: &Arc<Desk>,
    who: &Principal,
    venue_id: VenueId,
) -> Result<Disposal, Failure> {
    who.venue(venue_id)?;
    let venue = desk.read::<Venue>(&who.network, venue_id).await?;
    let venue = venue.ok_or(Failure::NotFound)?;
    let house = venue.house().ok_or(Failure::NotFound)?;
    let network = who.network.to_string();
    let there = desk
        .lookup()
        .vouchers_at(network, venue_id, None, MOST_LEFT + 1)
        .await?;
    let (status, count) = match house.disposal {
        Disposed::NotAsked => (Status::NotAsked, 0),
        Disposed::Pending { count, .. } => (Status::Pending, count),
        Disposed::Done { count, .. } => (Status::Done, count),
    };
    let effective_at = match house.standing {
        Standing::Open => None,
        Standing::Suspended { effective_at } | Standing::Left { effective_at } => {
            Some(effective_at)
        }
    };
    Ok(Disposal {
        status,
        effective_at,
        count,
        left: there.len().min(MOST_LEFT),
        left_is_more: there.len() > MOST_LEFT,
    })
}
