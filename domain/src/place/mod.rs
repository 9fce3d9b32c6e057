//! A place, in the sense of an HSDS location: where venues, services and stops are.

pub mod add;
pub mod change;
pub mod close;

#[cfg(test)]
pub(crate) mod examples;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::geography::{Latitude, Longitude};
use crate::text::{Label, Name, Slug};

aggregate! {
    Place "place", PlaceCommand, PlaceEvent {
        add: Add => Added "added" "1",
        change: Change => Changed "changed" "1",
        close: Close => Closed "closed" "1",
    }
}

/// The life of a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Place {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Something can be there.
    Open(Site),
    /// Nothing can be there any more.
    Closed(Site),
}

/// What is known of a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The network.
    pub network: Slug,
    /// What and where it is.
    pub description: Description,
}

/// What and where a place is. A change replaces it as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Description {
    /// What it is.
    pub kind: PlaceKind,
    /// Its public name.
    pub name: Name,
    /// Its address in one line.
    pub address: Name,
    /// The official code of its district.
    pub district_code: Label,
    /// Degrees north, WGS 84.
    pub latitude: Latitude,
    /// Degrees east, WGS 84.
    pub longitude: Longitude,
    /// Whether one gets in with a wheelchair, in the words of OpenStreetMap.
    pub wheelchair: Wheelchair,
}

/// What a place is.
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
pub enum PlaceKind {
    /// A café, shop or theatre.
    Venue,
    /// A shelter.
    Shelter,
    /// A stop of a bus.
    Stop,
    /// A market hall, a hall for events.
    Hall,
    /// An office.
    Office,
    /// A place in the street.
    Street,
}

/// Whether one gets in with a wheelchair.
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
pub enum Wheelchair {
    /// Everywhere.
    Yes,
    /// With help, or not everywhere.
    Limited,
    /// Not at all.
    No,
    /// Nobody said.
    Unknown,
}

impl Place {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.site().map(|site| &site.network)
    }

    /// What is known of it, open or closed.
    #[must_use]
    pub fn site(&self) -> Option<&Site> {
        match self {
            Self::Unknown => None,
            Self::Open(site) | Self::Closed(site) => Some(site),
        }
    }

    /// Whether something can be there.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }

    fn evolve(&mut self, event: PlaceEvent) {
        *self = match (event, std::mem::take(self)) {
            (PlaceEvent::Added(e), _) => Self::Open(Site {
                network: e.network,
                description: e.description,
            }),
            (_, Self::Unknown) => Self::Unknown,
            (PlaceEvent::Changed(e), Self::Open(site) | Self::Closed(site)) => Self::Open(Site {
                description: e.description,
                ..site
            }),
            (PlaceEvent::Closed(_), Self::Open(site) | Self::Closed(site)) => Self::Closed(site),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::examples::{added, closed};
    use super::*;

    #[test]
    fn a_closed_place_is_known_and_not_open() {
        assert!(added().is_open());
        assert!(!closed().is_open());
        assert!(closed().site().is_some());
        assert!(!Place::Unknown.is_open());
    }
}
