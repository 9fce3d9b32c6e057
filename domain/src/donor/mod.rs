//! A donor: an id that says nothing about who it is. Anonymous donors have only a link.

pub mod register;

#[cfg(test)]
pub(crate) mod examples;

use serde::{Deserialize, Serialize};

use crate::ids::SubjectId;
use crate::text::Slug;

aggregate! {
    Donor "donor", DonorCommand, DonorEvent {
        register: Register => Registered "registered" "1",
    }
}

/// The life of a donor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Donor {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It has a link.
    Registered(register::Registered),
}

impl Donor {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        match self {
            Self::Unknown => None,
            Self::Registered(registered) => Some(&registered.network),
        }
    }

    /// The person, where the donor wants to be known.
    #[must_use]
    pub fn subject(&self) -> Option<SubjectId> {
        match self {
            Self::Unknown => None,
            Self::Registered(registered) => registered.subject,
        }
    }

    fn evolve(&mut self, event: DonorEvent) {
        *self = match event {
            DonorEvent::Registered(registered) => Self::Registered(registered),
        };
    }
}
