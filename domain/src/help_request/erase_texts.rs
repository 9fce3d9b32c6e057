//! The texts of a request about which no person's key decides are given up, some time after its end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent};

/// Erase the texts of a request.
#[derive(Clone, Copy, Debug)]
pub struct EraseTexts {
    /// When.
    pub at: DateTime<Utc>,
}

/// The texts of a request were erased; its key is destroyed soon after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextsErased {
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why the texts are not erased.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// Somebody may still help, and must read them.
        #[error("this request is open")]
        StillOpen,
    }
}

/// Whether the texts are erased. Where a person's own key seals them, they go with the person.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &EraseTexts,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let need = help_request.need().ok_or(Refusal::UnknownRequest)?;
    if help_request.is_open() {
        return Err(Refusal::StillOpen);
    }
    if need.holds_texts_of_its_own() {
        Ok(vec![TextsErased { at: command.at }.into()])
    } else {
        Ok(vec![])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::edit::Edit;
    use crate::help_request::examples;
    use crate::sealed::Change;

    #[test]
    fn the_texts_of_a_closed_request_without_a_person_are_erased() {
        let command = examples::erase_texts();
        let at = command.at;
        assert_eq!(
            decide(&examples::nameless_and_withdrawn(), &command),
            Ok(vec![TextsErased { at }.into()])
        );
    }

    #[test]
    fn whoever_helps_reads_the_texts_of_an_open_request() {
        assert_eq!(
            decide(&examples::nameless(), &examples::erase_texts()),
            Err(Refusal::StillOpen)
        );
        assert_eq!(
            decide(&HelpRequest::Unknown, &examples::erase_texts()),
            Err(Refusal::UnknownRequest)
        );
    }

    #[test]
    fn texts_that_go_with_a_person_or_are_gone_change_nothing() {
        for closed in [examples::fulfilled(), examples::texts_erased()] {
            assert_eq!(decide(&closed, &examples::erase_texts()), Ok(vec![]));
        }
    }

    /// What an edit took out of the request still stands in the log.
    #[test]
    fn texts_that_were_removed_before_are_erased_too() {
        let none_is_left = Edit {
            note: Change::Remove,
            contact: Change::Remove,
            ..examples::edit()
        };
        let commands = [
            examples::nameless_request().into(),
            none_is_left.into(),
            examples::withdraw().into(),
        ];
        let request = examples::after(commands);
        let erased = decide(&request, &examples::erase_texts());
        assert_eq!(erased.map(|events| events.len()), Ok(1));
    }

    #[test]
    fn one_text_is_enough_and_none_is_not() {
        let text = examples::sealed(8);
        for sealed in 0..4 {
            let mut request = examples::nameless_request();
            let terms = &mut request.requested.terms;
            terms.note = (sealed == 1).then(|| text.clone());
            terms.contact = (sealed == 2).then(|| text.clone());
            terms.in_return = (sealed == 3).then(|| text.clone());
            let request = examples::after([request.into(), examples::withdraw().into()]);
            let erased = decide(&request, &examples::erase_texts());
            assert_eq!(
                erased.map(|events| events.len()),
                Ok(usize::from(sealed > 0))
            );
        }
    }
}
