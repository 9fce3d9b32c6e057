//! A member: a neighbour, volunteer or coordinator. Who it is, only the subject's key tells.

pub mod change;
pub mod leave;
pub mod register;

#[cfg(test)]
pub(crate) mod examples;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::help::Category;
use crate::ids::{MemberId, SubjectId};
use crate::text::{Label, Language, Slug};

/// The most districts in which one member helps.
pub const MAX_DISTRICTS: usize = 100;
/// The most languages of one member.
pub const MAX_LANGUAGES: usize = 12;

aggregate! {
    Member "member", MemberCommand, MemberEvent {
        register: Register => Registered "registered" "1",
        change: Change => Changed "changed" "1",
        leave: Leave => Left "left" "1",
    }
}

/// The life of a member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Member {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Takes part.
    Registered(Membership),
    /// Has left for good.
    Left(Membership),
}

/// What is known of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The network.
    pub network: Slug,
    /// The person.
    pub subject: SubjectId,
    /// What the member helps with, and where.
    pub profile: Profile,
}

/// What a member helps with, where, and in which languages. A change replaces it as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The codes of the districts in which the member helps, at most [`MAX_DISTRICTS`]; none = all.
    pub districts: BTreeSet<Label>,
    /// The kinds of help; none = any.
    pub categories: BTreeSet<Category>,
    /// The languages that the member speaks, 1 to [`MAX_LANGUAGES`].
    pub languages: BTreeSet<Language>,
}

impl Profile {
    fn is_within_bounds(&self) -> bool {
        self.districts.len() <= MAX_DISTRICTS && (1..=MAX_LANGUAGES).contains(&self.languages.len())
    }
}

/// The member as another act sees it: who takes on a request or a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Helper {
    /// The member.
    pub member: MemberId,
    /// Whether the member takes part now.
    pub takes_part: bool,
}

impl Member {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.membership().map(|membership| &membership.network)
    }

    /// What is known, also of a member who left.
    #[must_use]
    pub fn membership(&self) -> Option<&Membership> {
        match self {
            Self::Unknown => None,
            Self::Registered(membership) | Self::Left(membership) => Some(membership),
        }
    }

    /// Whether the member left for good.
    #[must_use]
    pub fn has_left(&self) -> bool {
        matches!(self, Self::Left(_))
    }

    /// How the member looks to an act about a claim; `None` if there is no such member.
    #[must_use]
    pub fn helper(&self, member: MemberId) -> Option<Helper> {
        let takes_part = match self {
            Self::Unknown => return None,
            Self::Registered(_) => true,
            Self::Left(_) => false,
        };
        Some(Helper { member, takes_part })
    }

    fn evolve(&mut self, event: MemberEvent) {
        *self = match (event, std::mem::take(self)) {
            (MemberEvent::Registered(registered), _) => Self::Registered(registered.into()),
            (_, Self::Unknown) => Self::Unknown,
            (MemberEvent::Changed(changed), Self::Registered(membership)) => {
                Self::Registered(Membership {
                    profile: changed.profile,
                    ..membership
                })
            }
            (MemberEvent::Left(_), Self::Registered(membership)) => Self::Left(membership),
            (MemberEvent::Changed(_) | MemberEvent::Left(_), left @ Self::Left(_)) => left,
        };
    }
}

impl From<register::Registered> for Membership {
    fn from(registered: register::Registered) -> Self {
        Self {
            network: registered.network,
            subject: registered.subject,
            profile: registered.profile,
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::examples::{left, registered};
    use super::*;

    #[test]
    fn who_left_is_known_and_takes_on_nothing() {
        let id = MemberId(Uuid::from_u128(2));
        let helper = |takes_part| {
            Some(Helper {
                member: id,
                takes_part,
            })
        };
        assert_eq!(registered().helper(id), helper(true));
        assert!(!registered().has_left());
        assert_eq!(left().helper(id), helper(false));
        assert!(left().has_left());
        assert_eq!(Member::Unknown.helper(id), None);
    }
}
