//! A venue says when it is open.

use serde::{Deserialize, Serialize};

use super::{Venue, VenueEvent, refused_when_not_taking_part};
use crate::hours::Hours;

/// Set the opening hours.
#[derive(Clone, Debug)]
pub struct SetHours {
    /// What will be recorded.
    pub set: HoursSet,
}

/// The opening hours were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursSet {
    /// The usual hours; closures come on top.
    pub opening_hours: Hours,
}

refusals! {
    /// Why the hours are not set.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// It is no text that says hours.
        #[error("opening hours are written as in OpenStreetMap, e.g. Mo-Fr 08:00-18:00")]
        NotHours,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the hours are set.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &SetHours) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    if house.opening_hours.as_ref() == Some(&command.set.opening_hours) {
        return Ok(vec![]);
    }
    if !command.set.opening_hours.is_understood() {
        return Err(Refusal::NotHours);
    }
    Ok(vec![command.set.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_venue_sets_its_hours() {
        let command = examples::set_hours();
        assert_eq!(
            decide(&examples::admitted(), &command),
            Ok(vec![command.set.into()])
        );
    }

    #[test]
    fn what_says_no_hours_is_refused() {
        let opening_hours = Hours::try_from("sometimes".to_owned()).expect("a text");
        let command = SetHours {
            set: HoursSet { opening_hours },
        };
        assert_eq!(
            decide(&examples::admitted(), &command),
            Err(Refusal::NotHours)
        );
    }

    #[test]
    fn the_same_hours_again_change_nothing() {
        let venue = examples::after([examples::admit().into(), examples::set_hours().into()]);
        assert_eq!(decide(&venue, &examples::set_hours()), Ok(vec![]));
    }
}
