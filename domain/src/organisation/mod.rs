//! An organisation: an NGO, public body, municipality, school or firm that takes part.

pub mod join;
pub mod leave;

#[cfg(test)]
pub(crate) mod examples;

use serde::{Deserialize, Serialize};

use crate::text::Slug;

aggregate! {
    Organisation "organisation", OrganisationCommand, OrganisationEvent {
        join: Join => Joined "joined" "1",
        leave: Leave => Left "left" "1",
    }
}

/// The life of an organisation in the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Organisation {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It takes part.
    Joined(join::Joined),
    /// It took part.
    Left(join::Joined),
}

impl Organisation {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.joined().map(|joined| &joined.network)
    }

    /// As it joined.
    #[must_use]
    pub fn joined(&self) -> Option<&join::Joined> {
        match self {
            Self::Unknown => None,
            Self::Joined(joined) | Self::Left(joined) => Some(joined),
        }
    }

    /// Whether it takes part now.
    #[must_use]
    pub fn takes_part(&self) -> bool {
        matches!(self, Self::Joined(_))
    }

    fn evolve(&mut self, event: OrganisationEvent) {
        *self = match (event, std::mem::take(self)) {
            (OrganisationEvent::Joined(joined), _) => Self::Joined(joined),
            (OrganisationEvent::Left(_), Self::Joined(joined) | Self::Left(joined)) => {
                Self::Left(joined)
            }
            (OrganisationEvent::Left(_), Self::Unknown) => Self::Unknown,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::join::tests::join;
    use super::*;

    #[test]
    fn one_that_left_takes_no_part_and_is_known() {
        let joined = join().joined;
        assert!(Organisation::Joined(joined.clone()).takes_part());
        let left = Organisation::Left(joined.clone());
        assert!(!left.takes_part());
        assert_eq!(left.joined(), Some(&joined));
        assert!(!Organisation::Unknown.takes_part());
    }
}
