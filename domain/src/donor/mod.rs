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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::DonorId;

    #[test]
    fn a_donor_is_a_person_only_where_the_donor_wants_to_be_known() {
        let donor = |subject| {
            Donor::Registered(register::Registered {
                network: "praha".parse().expect("a slug"),
                donor_id: DonorId(Uuid::from_u128(4)),
                subject,
            })
        };
        let subject = SubjectId(Uuid::from_u128(7));
        assert_eq!(donor(Some(subject)).subject(), Some(subject));
        assert_eq!(donor(None).subject(), None);
        assert_eq!(Donor::Unknown.subject(), None);
    }
}
