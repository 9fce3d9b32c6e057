//! A district: a part of a city, or a municipality.

pub mod draw;

#[cfg(test)]
pub(crate) mod examples;

use serde::{Deserialize, Serialize};

use crate::text::Slug;

aggregate! {
    District "district", DistrictCommand, DistrictEvent {
        draw: Draw => Drawn "drawn" "1",
    }
}

/// The life of a district.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum District {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It is on the map, as drawn last.
    Drawn(draw::Drawn),
}

impl District {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.drawn().map(|drawn| &drawn.network)
    }

    /// What is known of it.
    #[must_use]
    pub fn drawn(&self) -> Option<&draw::Drawn> {
        match self {
            Self::Unknown => None,
            Self::Drawn(drawn) => Some(drawn),
        }
    }

    fn evolve(&mut self, event: DistrictEvent) {
        *self = match event {
            DistrictEvent::Drawn(drawn) => Self::Drawn(drawn),
        };
    }
}
