//! Somebody had to be turned away. That is an act too, because it shows a need that is not met.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{ItemKind, Venue, VenueEvent, refused_when_not_taking_part};
use crate::service::ServiceKind;

/// The most people whom one act is about.
pub const MAX_COUNT: u32 = 500;

/// Record that people were turned away.
#[derive(Clone, Copy, Debug)]
pub struct TurnAway {
    /// What will be recorded.
    pub turned_away: TurnedAway,
}

/// People were turned away. Nothing says who they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TurnedAway {
    /// What they asked for.
    pub what: AskedFor,
    /// Why they did not get it.
    pub reason: TurnedAwayReason,
    /// How many, 1 to [`MAX_COUNT`].
    pub count: u32,
    /// When they were told to come back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub come_back_at: Option<DateTime<Utc>>,
}

/// What somebody asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AskedFor {
    /// Something that is prepaid.
    Item {
        /// Its kind.
        item_kind: ItemKind,
    },
    /// Something that is free.
    Service {
        /// Its kind.
        service_kind: ServiceKind,
    },
}

/// Why somebody was turned away.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TurnedAwayReason {
    /// Nothing was prepaid.
    NothingOnBoard,
    /// There was no room.
    CapacityFull,
    /// It was closed.
    Closed,
    /// There was nothing left of it.
    SoldOut,
    /// By the rules of the house.
    HouseRules,
    /// Another reason.
    Other,
}

refusals! {
    /// Why it is not recorded.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// 1 to 500 at once.
        #[error("1 to {MAX_COUNT} people are recorded at once")]
        Count,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether it is recorded. There is no "nothing to do": who is turned away twice was turned away
/// twice, and a repeated request is known by its key.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &TurnAway) -> Result<Vec<VenueEvent>, Refusal> {
    venue.require_taking_part()?;
    if !(1..=MAX_COUNT).contains(&command.turned_away.count) {
        return Err(Refusal::Count);
    }
    Ok(vec![command.turned_away.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn people_who_were_turned_away_are_counted_each_time() {
        let command = examples::turn_away();
        let venue = examples::after([examples::admit().into(), command.into()]);
        for venue in [examples::admitted(), venue] {
            assert_eq!(
                decide(&venue, &command),
                Ok(vec![command.turned_away.into()])
            );
        }
    }

    #[test]
    fn nobody_or_a_crowd_is_not_recorded() {
        for count in [0, MAX_COUNT + 1] {
            let mut command = examples::turn_away();
            command.turned_away.count = count;
            assert_eq!(
                decide(&examples::admitted(), &command),
                Err(Refusal::Count),
                "{count}"
            );
        }
    }
}
