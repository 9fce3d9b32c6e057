//! An operator adds a place.

use serde::{Deserialize, Serialize};

use super::{Description, Place, PlaceEvent};
use crate::text::Slug;

/// Add a place.
#[derive(Clone, Debug)]
pub struct Add {
    /// What will be recorded.
    pub added: Added,
    /// Whether the network has drawn its district.
    pub district_is_drawn: bool,
}

/// A place was added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The network.
    pub network: Slug,
    /// What and where it is.
    #[serde(flatten)]
    pub description: Description,
}

refusals! {
    /// Why a place is not added.
    pub enum Refusal {
        /// The id belongs to another place.
        #[error("a place with this id was added before, on other terms")]
        AlreadyAdded,
        /// A place lies in a district of the network.
        #[error("the network has no such district")]
        UnknownDistrict,
    }
}

/// Whether the place is added.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(place: &Place, command: &Add) -> Result<Vec<PlaceEvent>, Refusal> {
    let added = &command.added;
    match place {
        Place::Unknown if !command.district_is_drawn => Err(Refusal::UnknownDistrict),
        Place::Unknown => Ok(vec![added.clone().into()]),
        Place::Open(site)
            if site.network == added.network && site.description == added.description =>
        {
            Ok(vec![])
        }
        Place::Open(_) | Place::Closed(_) => Err(Refusal::AlreadyAdded),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::examples;

    #[test]
    fn a_place_in_a_district_is_added() {
        let command = examples::add();
        assert_eq!(
            decide(&Place::Unknown, &command),
            Ok(vec![command.added.into()])
        );
    }

    #[test]
    fn a_place_outside_is_not_added() {
        let command = Add {
            district_is_drawn: false,
            ..examples::add()
        };
        assert_eq!(
            decide(&Place::Unknown, &command),
            Err(Refusal::UnknownDistrict)
        );
    }

    #[test]
    fn a_closed_place_is_not_added_again() {
        assert_eq!(
            decide(&examples::closed(), &examples::add()),
            Err(Refusal::AlreadyAdded)
        );
    }

    #[test]
    fn another_place_under_the_id_of_one_is_refused() {
        let mut elsewhere = examples::add();
        elsewhere.added.network = "lodz".parse().expect("a slug");
        let mut other = examples::add();
        other.added.description = examples::change().changed.description;
        for command in [elsewhere, other] {
            let again = decide(&examples::added(), &command);
            assert_eq!(again, Err(Refusal::AlreadyAdded));
        }
    }

    #[test]
    fn the_same_place_again_changes_nothing() {
        assert_eq!(decide(&examples::added(), &examples::add()), Ok(vec![]));
    }
}
