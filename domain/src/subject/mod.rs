//! A subject: a person about whom something sealed is held. It says nothing about who it is.

pub mod erase;
pub mod introduce;
pub mod set_contact;
pub mod set_retention;

#[cfg(test)]
pub(crate) mod examples;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::sealed::Sealed;
use crate::text::Slug;

aggregate! {
    Subject "subject", SubjectCommand, SubjectEvent {
        introduce: Introduce => Introduced "introduced" "1",
        set_contact: SetContact => ContactSet "contact_set" "1",
        set_retention: SetRetention => RetentionSet "retention_set" "1",
        erase: Erase => Erased "erased" "1",
    }
}

/// The life of a subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, strum::VariantNames)]
pub enum Subject {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// Something about the person may be sealed and read.
    Known(Person),
    /// Nothing is sealed or read any more; the key is destroyed soon after.
    Erased(introduce::Introduced),
}

/// What is known of a person: nothing but why something is held, and a contact that only its key
/// opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As introduced.
    pub introduced: introduce::Introduced,
    /// How to reach the person.
    pub contact: Option<Sealed>,
    /// The instant from which nothing is held any more; `None` = until the person asks or leaves.
    pub retain_until: Option<DateTime<Utc>>,
}

impl Subject {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        match self {
            Self::Unknown => None,
            Self::Known(person) => Some(&person.introduced.network),
            Self::Erased(introduced) => Some(&introduced.network),
        }
    }

    /// As introduced, also if it was erased.
    #[must_use]
    pub fn introduced(&self) -> Option<&introduce::Introduced> {
        match self {
            Self::Unknown => None,
            Self::Known(person) => Some(&person.introduced),
            Self::Erased(introduced) => Some(introduced),
        }
    }

    /// The person, unless erased.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        match self {
            Self::Known(person) => Some(person),
            Self::Unknown | Self::Erased(_) => None,
        }
    }

    fn evolve(&mut self, event: SubjectEvent) {
        *self = match (event, std::mem::take(self)) {
            (SubjectEvent::Introduced(introduced), _) => Self::Known(Person {
                retain_until: introduced.retain_until,
                introduced,
                contact: None,
            }),
            (_, Self::Unknown) => Self::Unknown,
            (SubjectEvent::ContactSet(set), Self::Known(person)) => Self::Known(Person {
                contact: Some(set.contact),
                ..person
            }),
            (SubjectEvent::RetentionSet(set), Self::Known(person)) => Self::Known(Person {
                retain_until: Some(set.retain_until),
                ..person
            }),
            (SubjectEvent::Erased(_), Self::Known(person)) => Self::Erased(person.introduced),
            (
                SubjectEvent::ContactSet(_)
                | SubjectEvent::RetentionSet(_)
                | SubjectEvent::Erased(_),
                erased @ Self::Erased(_),
            ) => erased,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::examples::introduce;
    use super::*;

    #[test]
    fn of_an_erased_subject_only_the_introduction_is_known() {
        let introduced = introduce().introduced;
        let person = Person {
            introduced: introduced.clone(),
            contact: None,
            retain_until: introduced.retain_until,
        };
        let known = Subject::Known(person.clone());
        assert_eq!(known.person(), Some(&person));
        assert_eq!(known.introduced(), Some(&introduced));
        let erased = Subject::Erased(introduced.clone());
        assert_eq!(erased.person(), None);
        assert_eq!(erased.introduced(), Some(&introduced));
    }
}
