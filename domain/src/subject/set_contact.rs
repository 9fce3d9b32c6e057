//! How to reach a person, sealed under the person's own key.

use serde::{Deserialize, Serialize};

use super::{Subject, SubjectEvent};
use crate::sealed::{Audience, Sealed, SealedSpec};

/// Set the contact.
#[derive(Clone, Debug)]
pub struct SetContact {
    /// What will be recorded.
    pub set: ContactSet,
}

/// The contact was set; it replaces the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactSet {
    /// Name, telephone, e-mail or address, as the person gave it.
    pub contact: Sealed,
}

/// The sealed fields of [`ContactSet`].
pub const SEALED: &[SealedSpec] = &[SealedSpec {
    event_type: "subject.contact_set",
    field: "contact",
    audience: Audience::Involved,
}];

refusals! {
    /// Why the contact is not set.
    pub enum Refusal {
        /// No such subject.
        #[error("there is no such subject")]
        UnknownSubject,
        /// Nothing is sealed for an erased subject.
        #[error("this subject was erased")]
        Erased,
    }
}

/// Whether the contact is set.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(subject: &Subject, command: &SetContact) -> Result<Vec<SubjectEvent>, Refusal> {
    match subject {
        Subject::Unknown => Err(Refusal::UnknownSubject),
        Subject::Erased(_) => Err(Refusal::Erased),
        Subject::Known(person) if person.contact.as_ref() == Some(&command.set.contact) => {
            Ok(vec![])
        }
        Subject::Known(_) => Ok(vec![command.set.clone().into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subject::examples;

    #[test]
    fn a_known_subject_gets_a_contact() {
        let command = examples::set_contact();
        assert_eq!(
            decide(&examples::known(), &command),
            Ok(vec![command.set.into()])
        );
    }

    #[test]
    fn an_erased_subject_gets_no_contact() {
        assert_eq!(
            decide(&examples::erased(), &examples::set_contact()),
            Err(Refusal::Erased)
        );
    }

    #[test]
    fn the_same_contact_again_changes_nothing() {
        assert_eq!(
            decide(&examples::with_a_contact(), &examples::set_contact()),
            Ok(vec![])
        );
    }
}
