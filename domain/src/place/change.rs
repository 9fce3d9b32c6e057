//! An operator corrects what is said of a place.

use serde::{Deserialize, Serialize};

use super::{Description, Place, PlaceEvent};

/// Change a place.
#[derive(Clone, Debug)]
pub struct Change {
    /// What will be recorded.
    pub changed: Changed,
    /// Whether the network has drawn its district.
    pub district_is_drawn: bool,
}

/// A place was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// What and where it is now, as a whole.
    #[serde(flatten)]
    pub description: Description,
}

refusals! {
    /// Why a place is not changed.
    pub enum Refusal {
        /// No such place.
        #[error("there is no such place")]
        UnknownPlace,
        /// It is closed.
        #[error("the place is closed")]
        PlaceClosed,
        /// A place lies in a district of the network.
        #[error("the network has no such district")]
        UnknownDistrict,
    }
}

/// Whether the place is changed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(place: &Place, command: &Change) -> Result<Vec<PlaceEvent>, Refusal> {
    match place {
        Place::Unknown => Err(Refusal::UnknownPlace),
        Place::Closed(_) => Err(Refusal::PlaceClosed),
        Place::Open(site) if site.description == command.changed.description => Ok(vec![]),
        Place::Open(_) if !command.district_is_drawn => Err(Refusal::UnknownDistrict),
        Place::Open(_) => Ok(vec![command.changed.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::examples;

    #[test]
    fn an_open_place_is_changed() {
        let command = examples::change();
        assert_eq!(
            decide(&examples::added(), &command),
            Ok(vec![command.changed.into()])
        );
    }

    #[test]
    fn a_closed_place_stays_as_it_was() {
        assert_eq!(
            decide(&examples::closed(), &examples::change()),
            Err(Refusal::PlaceClosed)
        );
    }

    #[test]
    fn no_place_moves_to_where_no_district_is_drawn() {
        let command = Change {
            district_is_drawn: false,
            ..examples::change()
        };
        let moved = decide(&examples::added(), &command);
        assert_eq!(moved, Err(Refusal::UnknownDistrict));
    }

    #[test]
    fn the_same_words_again_change_nothing() {
        let place = examples::after([examples::add().into(), examples::change().into()]);
        assert_eq!(decide(&place, &examples::change()), Ok(vec![]));
    }
}
