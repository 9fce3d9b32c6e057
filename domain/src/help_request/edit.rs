//! The person, or a coordinator for the person, changes what is asked for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Flaw, HelpRequest, HelpRequestEvent, Need, Terms};
use crate::help::{Category, Effort, Window};
use crate::sealed::{Audience, Change, SealedSpec};
use crate::text::{Label, Language};

/// Edit a request. Sealed texts can be kept without being read.
#[derive(Clone, Debug)]
pub struct Edit {
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of help.
    pub category: Category,
    /// The district.
    pub district_code: Label,
    /// Whether the network has drawn it.
    pub district_is_drawn: bool,
    /// When help is wanted.
    pub window: Option<Window>,
    /// How much time it takes.
    pub effort: Option<Effort>,
    /// The language of the sealed texts.
    pub language: Option<Language>,
    /// What becomes of the note.
    pub note: Change,
    /// What becomes of the contact.
    pub contact: Change,
    /// What becomes of what is offered in return.
    pub in_return: Change,
    /// The instant from which it is no longer offered.
    pub expires_at: DateTime<Utc>,
}

/// A request was edited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    /// When.
    pub at: DateTime<Utc>,
    /// All of what is asked for, as it is from now on.
    #[serde(flatten)]
    pub terms: Terms,
}

/// The sealed fields of [`Edited`]; the same people read them as when it was requested.
pub const SEALED: &[SealedSpec] = &[
    SealedSpec {
        event_type: "help_request.edited",
        field: "note",
        audience: Audience::Involved,
    },
    SealedSpec {
        event_type: "help_request.edited",
        field: "contact",
        audience: Audience::Involved,
    },
    SealedSpec {
        event_type: "help_request.edited",
        field: "in_return",
        audience: Audience::Members,
    },
];

refusals! {
    /// Why a request is not edited.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It is closed; it can be opened again.
        #[error("this request is closed")]
        NotOpen,
        /// The district is not the network's.
        #[error("the network has no such district")]
        UnknownDistrict,
        /// Something is wrong with what is asked for.
        #[error("{flaw}")]
        Terms {
            /// What.
            flaw: Flaw
        },
    }
}

/// Whether the request is edited. Somebody may hold a claim: who holds it reads the new terms.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Edit,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let need = help_request.need().ok_or(Refusal::UnknownRequest)?;
    if !help_request.is_open() {
        return Err(Refusal::NotOpen);
    }
    let terms = command.terms(need);
    if terms == need.terms {
        return Ok(vec![]);
    }
    if !command.district_is_drawn {
        return Err(Refusal::UnknownDistrict);
    }
    if let Some(flaw) = terms.flaw(command.at) {
        return Err(Refusal::Terms { flaw });
    }
    let at = command.at;
    Ok(vec![Edited { at, terms }.into()])
}

impl Edit {
    fn terms(&self, need: &Need) -> Terms {
        let before = &need.terms;
        Terms {
            category: self.category,
            district_code: self.district_code.clone(),
            window: self.window,
            effort: self.effort,
            language: self.language.clone(),
            note: self.note.of(before.note.as_ref()),
            contact: self.contact.of(before.contact.as_ref()),
            in_return: self.in_return.of(before.in_return.as_ref()),
            expires_at: self.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    #[test]
    fn an_edit_keeps_the_sealed_texts_that_it_does_not_touch() {
        let events = decide(&examples::open(), &examples::edit()).expect("allowed");
        let before = examples::request().requested.terms;
        let expected = Terms {
            category: Category::Transport,
            note: Some(examples::sealed(8)),
            in_return: None,
            ..before
        };
        let at = examples::edit().at;
        assert_eq!(
            events,
            [Edited {
                at,
                terms: expected
            }
            .into()]
        );
    }

    #[test]
    fn a_claimed_request_is_edited_too() {
        assert!(decide(&examples::claimed(), &examples::edit()).is_ok());
    }

    #[test]
    fn a_closed_request_is_not_edited() {
        assert_eq!(
            decide(&examples::fulfilled(), &examples::edit()),
            Err(Refusal::NotOpen)
        );
    }

    #[test]
    fn an_edit_leaves_nothing_without_its_language() {
        let mut command = examples::edit();
        command.language = None;
        let flaw = Flaw::LanguageMissing;
        assert_eq!(
            decide(&examples::open(), &command),
            Err(Refusal::Terms { flaw })
        );
    }

    #[test]
    fn an_edit_into_what_it_is_changes_nothing() {
        assert_eq!(decide(&examples::edited(), &examples::edit()), Ok(vec![]));
    }
}
