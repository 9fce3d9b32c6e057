//! A suspended venue takes vouchers again. Those that were moved stay where they are.

use serde::{Deserialize, Serialize};

use super::{Standing, Venue, VenueEvent, refused_when_not_taking_part};

/// Resume a venue.
#[derive(Clone, Copy, Debug)]
pub struct Resume {}

/// A venue was resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {}

refusals! {
    /// Why a venue is not resumed.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the venue is resumed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, _command: &Resume) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    match house.standing {
        Standing::Suspended { .. } => Ok(vec![Resumed {}.into()]),
        Standing::Open | Standing::Left { .. } => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::VenueCommand;
    use crate::venue::examples;

    #[test]
    fn a_suspended_venue_is_resumed() {
        assert_eq!(
            decide(&examples::suspended(), &Resume {}),
            Ok(vec![Resumed {}.into()])
        );
    }

    #[test]
    fn a_venue_that_has_left_is_not_resumed() {
        assert_eq!(
            decide(&examples::left(), &Resume {}),
            Err(Refusal::VenueLeft)
        );
    }

    #[test]
    fn an_open_venue_stays_open() {
        assert_eq!(decide(&examples::admitted(), &Resume {}), Ok(vec![]));
    }

    #[test]
    fn a_resumed_venue_is_as_it_was_before() {
        let commands = [examples::admit().into(), examples::suspend().into()];
        let resume = VenueCommand::from(Resume {});
        let resumed = examples::after(commands.into_iter().chain([resume]));
        assert_eq!(resumed, examples::admitted());
    }
}
