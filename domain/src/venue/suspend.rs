//! An operator suspends a venue: from an instant on it takes no vouchers, and those that are prepaid
//! go elsewhere.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::disposal::{Destination, Disposal, Misdirected};
use super::{Standing, Venue, VenueEvent, refused_when_not_taking_part};

/// Suspend a venue.
#[derive(Clone, Debug)]
pub struct Suspend {
    /// What will be recorded.
    pub suspended: Suspended,
    /// Where its vouchers would go, as that venue stands now.
    pub destination: Destination,
}

/// A venue was suspended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspended {
    /// From when it takes no vouchers.
    pub effective_at: DateTime<Utc>,
    /// What becomes of its vouchers from then on.
    pub vouchers: Disposal,
}

refusals! {
    /// Why a venue is not suspended.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// Its vouchers would not be safe there.
        #[error("the vouchers can only go to another venue that takes part")]
        DestinationClosed,
    }
}
refused_when_not_taking_part!(Refusal);

impl From<Misdirected> for Refusal {
    fn from(_: Misdirected) -> Self {
        Self::DestinationClosed
    }
}

/// Whether the venue is suspended.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &Suspend) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let Suspended {
        effective_at,
        vouchers,
    } = &command.suspended;
    let standing = Standing::Suspended {
        effective_at: *effective_at,
    };
    if house.standing == standing && house.disposal.is_of(vouchers) {
        return Ok(vec![]);
    }
    vouchers.check(command.destination)?;
    Ok(vec![command.suspended.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_venue_is_suspended_and_its_vouchers_wait_to_be_moved() {
        let command = examples::suspend();
        assert_eq!(
            decide(&examples::admitted(), &command),
            Ok(vec![command.suspended.into()])
        );
        let house = examples::suspended();
        assert!(
            house
                .house()
                .is_some_and(|house| house.disposal.is_pending())
        );
    }

    #[test]
    fn vouchers_do_not_go_to_a_venue_that_takes_none() {
        let table = [
            Destination::Itself,
            Destination::NotTakingPart,
            Destination::None,
        ];
        for destination in table {
            let command = Suspend {
                destination,
                ..examples::suspend()
            };
            assert_eq!(
                decide(&examples::admitted(), &command),
                Err(Refusal::DestinationClosed),
                "{destination:?}"
            );
        }
    }

    #[test]
    fn a_venue_that_has_left_is_not_suspended() {
        assert_eq!(
            decide(&examples::left(), &examples::suspend()),
            Err(Refusal::VenueLeft)
        );
    }

    #[test]
    fn suspending_from_another_day_or_with_another_end_of_vouchers_is_recorded() {
        let mut later = examples::suspend();
        later.suspended.effective_at += chrono::TimeDelta::days(1);
        let mut otherwise = examples::suspend();
        otherwise.suspended.vouchers = Disposal::Refund;
        for command in [later, otherwise] {
            assert_eq!(
                decide(&examples::suspended(), &command),
                Ok(vec![command.suspended.into()])
            );
        }
    }

    #[test]
    fn suspending_again_changes_nothing() {
        assert_eq!(
            decide(&examples::suspended(), &examples::suspend()),
            Ok(vec![])
        );
    }
}
