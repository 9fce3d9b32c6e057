//! A venue leaves the network for good: from an instant on it takes no vouchers, and those that are
//! prepaid go elsewhere.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::disposal::{Destination, Disposal, Misdirected};
use super::{Standing, Venue, VenueEvent};

/// Leave.
#[derive(Clone, Debug)]
pub struct Leave {
    /// What will be recorded.
    pub left: Left,
    /// Where its vouchers would go, as that venue stands now.
    pub destination: Destination,
}

/// A venue left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// From when it takes no vouchers.
    pub effective_at: DateTime<Utc>,
    /// What becomes of its vouchers from then on.
    pub vouchers: Disposal,
}

refusals! {
    /// Why a venue does not leave.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// It left before, on other terms.
        #[error("the venue has left the network")]
        VenueLeft,
        /// Its vouchers would not be safe there.
        #[error("the vouchers can only go to another venue that takes part")]
        DestinationClosed,
    }
}

impl From<Misdirected> for Refusal {
    fn from(_: Misdirected) -> Self {
        Self::DestinationClosed
    }
}

/// Whether the venue leaves.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &Leave) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.house().ok_or(Refusal::UnknownVenue)?;
    if let Standing::Left { effective_at } = house.standing {
        let same = effective_at == command.left.effective_at
            && house.disposal.is_of(&command.left.vouchers);
        return if same {
            Ok(vec![])
        } else {
            Err(Refusal::VenueLeft)
        };
    }
    command.left.vouchers.check(command.destination)?;
    Ok(vec![command.left.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;
    use chrono::TimeDelta;

    #[test]
    fn an_open_or_suspended_venue_leaves() {
        let command = examples::leave();
        for venue in [examples::admitted(), examples::suspended()] {
            assert_eq!(
                decide(&venue, &command),
                Ok(vec![command.left.clone().into()])
            );
        }
    }

    #[test]
    fn nobody_leaves_twice() {
        let mut later = examples::leave();
        later.left.effective_at += TimeDelta::days(1);
        assert_eq!(decide(&examples::left(), &later), Err(Refusal::VenueLeft));
    }

    #[test]
    fn leaving_again_changes_nothing() {
        assert_eq!(decide(&examples::left(), &examples::leave()), Ok(vec![]));
    }
}
