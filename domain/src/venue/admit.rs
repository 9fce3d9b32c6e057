//! An operator admits a house to the network.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Venue, VenueEvent};
use crate::ids::PlaceId;
use crate::text::{Name, Slug};

/// Admit a venue.
#[derive(Clone, Debug)]
pub struct Admit {
    /// What will be recorded.
    pub admitted: Admitted,
    /// Whether its place is open.
    pub place_is_open: bool,
}

/// A venue was admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admitted {
    /// The network.
    pub network: Slug,
    /// Its public name.
    pub name: Name,
    /// What house it is.
    pub kind: VenueKind,
    /// Where it is.
    pub place_id: PlaceId,
}

/// What house a venue is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum VenueKind {
    /// A café.
    Cafe,
    /// A bistro or canteen.
    Bistro,
    /// A shop with second-hand things.
    SecondHand,
    /// A theatre or cinema.
    Theatre,
    /// A bookshop.
    Bookshop,
    /// A cultural centre.
    CulturalCentre,
    /// A community centre.
    CommunityCentre,
    /// Any other house.
    Other,
}

refusals! {
    /// Why a venue is not admitted.
    pub enum Refusal {
        /// The id belongs to another venue.
        #[error("a venue with this id was admitted before, on other terms")]
        AlreadyAdmitted,
        /// A venue stands at a place of the network.
        #[error("the place is closed")]
        PlaceClosed,
    }
}

/// Whether the venue is admitted.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &Admit) -> Result<Vec<VenueEvent>, Refusal> {
    match venue.house() {
        Some(house) if house.admitted == command.admitted => Ok(vec![]),
        Some(_) => Err(Refusal::AlreadyAdmitted),
        None if !command.place_is_open => Err(Refusal::PlaceClosed),
        None => Ok(vec![command.admitted.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_house_at_an_open_place_is_admitted() {
        let command = examples::admit();
        assert_eq!(
            decide(&Venue::Unknown, &command),
            Ok(vec![command.admitted.into()])
        );
    }

    #[test]
    fn nobody_is_admitted_at_a_closed_place() {
        let command = Admit {
            place_is_open: false,
            ..examples::admit()
        };
        assert_eq!(decide(&Venue::Unknown, &command), Err(Refusal::PlaceClosed));
    }

    #[test]
    fn another_house_in_the_place_of_one_is_refused() {
        let mut other = examples::admit();
        other.admitted.name = "Bistro U Mostu".parse().expect("a name");
        let again = decide(&examples::admitted(), &other);
        assert_eq!(again, Err(Refusal::AlreadyAdmitted));
    }

    #[test]
    fn the_same_admission_again_changes_nothing() {
        assert_eq!(
            decide(&examples::admitted(), &examples::admit()),
            Ok(vec![])
        );
    }
}
