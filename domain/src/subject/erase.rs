//! Everything sealed under a person's key is given up: from now on nothing is opened or sealed, and
//! the key is destroyed soon after.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Subject, SubjectEvent};

/// Erase a subject.
#[derive(Clone, Copy, Debug)]
pub struct Erase {
    /// Why.
    pub reason: ErasureReason,
}

/// A subject was erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Why.
    pub reason: ErasureReason,
}

/// Why a subject is erased.
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
pub enum ErasureReason {
    /// The person asked, or took the consent back.
    Asked,
    /// The time for which it was to be held is over.
    RetentionOver,
    /// It is no longer needed, e.g. the person left.
    NotNeeded,
    /// It was entered by mistake.
    EntryError,
}

refusals! {
    /// Why a subject is not erased.
    pub enum Refusal {
        /// No such subject.
        #[error("there is no such subject")]
        UnknownSubject,
    }
}

/// Whether the subject is erased.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(subject: &Subject, command: &Erase) -> Result<Vec<SubjectEvent>, Refusal> {
    match subject {
        Subject::Unknown => Err(Refusal::UnknownSubject),
        Subject::Known(_) => Ok(vec![
            Erased {
                reason: command.reason,
            }
            .into(),
        ]),
        Subject::Erased(_) => Ok(vec![]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::examples;

    #[test]
    fn a_known_subject_is_erased() {
        let reason = ErasureReason::Asked;
        assert_eq!(
            decide(&examples::with_a_contact(), &examples::erase()),
            Ok(vec![Erased { reason }.into()])
        );
        assert_eq!(examples::erased().person(), None);
    }

    #[test]
    fn an_unknown_subject_is_not_erased() {
        assert_eq!(
            decide(&Subject::Unknown, &examples::erase()),
            Err(Refusal::UnknownSubject)
        );
    }

    #[test]
    fn an_erased_subject_stays_erased() {
        assert_eq!(decide(&examples::erased(), &examples::erase()), Ok(vec![]));
    }
}
