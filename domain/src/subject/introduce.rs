//! Something about a person is to be held: why, and for how long.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Subject, SubjectEvent};
use crate::text::{Label, Slug};

/// Introduce a subject.
#[derive(Clone, Debug)]
pub struct Introduce {
    /// What will be recorded.
    pub introduced: Introduced,
    /// When it happens.
    pub at: DateTime<Utc>,
}

/// A subject was introduced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduced {
    /// The network.
    pub network: Slug,
    /// As what the person deals with the network.
    pub kind: SubjectKind,
    /// Why the network may hold something about the person.
    pub basis: Basis,
    /// Which version of the privacy notice the person was given, e.g. `2026-01`.
    pub notice_version: Label,
    /// The instant from which nothing is held any more; absent = until the person asks or leaves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retain_until: Option<DateTime<Utc>>,
}

/// As what a person deals with the network. A person in need at a counter is none of these.
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
pub enum SubjectKind {
    /// Gives money.
    Donor,
    /// A neighbour, volunteer or coordinator.
    Member,
    /// Asked for help.
    Requester,
    /// Speaks for a venue or an organisation.
    Contact,
}

/// Why a network may hold something about a person.
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
pub enum Basis {
    /// The person agreed.
    Consent,
    /// It is needed for a contract with the person.
    Contract,
    /// The network's interest, weighed against the person's.
    LegitimateInterest,
}

refusals! {
    /// Why a subject is not introduced.
    pub enum Refusal {
        /// The id belongs to another subject.
        #[error("a subject with this id was introduced before, on other terms")]
        AlreadyIntroduced,
        /// What was erased does not come back.
        #[error("this subject was erased; a new one is needed")]
        Erased,
        /// It would have to be erased at once.
        #[error("what is held about a person is held until a later instant")]
        RetainUntil,
    }
}

/// Whether the subject is introduced.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(subject: &Subject, command: &Introduce) -> Result<Vec<SubjectEvent>, Refusal> {
    let introduced = &command.introduced;
    let is_over = introduced
        .retain_until
        .is_some_and(|until| until <= command.at);
    match subject {
        Subject::Known(person) if person.introduced == *introduced => Ok(vec![]),
        Subject::Known(_) => Err(Refusal::AlreadyIntroduced),
        Subject::Erased(_) => Err(Refusal::Erased),
        Subject::Unknown if is_over => Err(Refusal::RetainUntil),
        Subject::Unknown => Ok(vec![introduced.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::examples;

    #[test]
    fn a_new_subject_is_introduced() {
        let command = examples::introduce();
        assert_eq!(
            decide(&Subject::Unknown, &command),
            Ok(vec![command.introduced.into()])
        );
    }

    #[test]
    fn an_erased_subject_does_not_come_back() {
        assert_eq!(
            decide(&examples::erased(), &examples::introduce()),
            Err(Refusal::Erased)
        );
    }

    #[test]
    fn nothing_is_held_that_would_have_to_be_erased_at_once() {
        let mut command = examples::introduce();
        command.introduced.retain_until = Some(command.at);
        assert_eq!(
            decide(&Subject::Unknown, &command),
            Err(Refusal::RetainUntil)
        );
    }

    #[test]
    fn another_in_the_place_of_one_is_refused() {
        let mut other = examples::introduce();
        other.introduced.retain_until = None;
        let again = decide(&examples::known(), &other);
        assert_eq!(again, Err(Refusal::AlreadyIntroduced));
    }

    #[test]
    fn the_same_introduction_again_changes_nothing() {
        assert_eq!(
            decide(&examples::known(), &examples::introduce()),
            Ok(vec![])
        );
    }
}
