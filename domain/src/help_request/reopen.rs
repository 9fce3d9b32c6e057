//! A request that was closed is open again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HelpRequest, HelpRequestEvent, MAX_REOPENED, expires_within_bounds};

/// Open a request again.
#[derive(Clone, Copy, Debug)]
pub struct Reopen {
    /// What will be recorded.
    pub reopened: Reopened,
}

/// A request was opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopened {
    /// Why.
    pub reason: ReopenReason,
    /// When.
    pub at: DateTime<Utc>,
    /// The instant from which it is no longer offered, at most 366 days ahead.
    pub expires_at: DateTime<Utc>,
}

/// Why a request is open again.
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
pub enum ReopenReason {
    /// Help did not come, or not enough of it.
    NotFulfilled,
    /// It is needed again.
    NeededAgain,
    /// Somebody may be found after all.
    HelpInSight,
    /// It was closed by mistake.
    EntryError,
}

refusals! {
    /// Why a request is not opened again.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It would never be open, or for too long.
        #[error("a request expires later than now and within 366 days")]
        ExpiresAt,
        /// It goes back and forth.
        #[error("this request was opened again {MAX_REOPENED} times; please make a new one")]
        TooManyTimes,
        /// Nobody knows any more what was needed.
        #[error("what this request said was erased; please make a new one")]
        TextsErased,
    }
}

/// Whether the request is opened again.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Reopen,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let need = help_request.need().ok_or(Refusal::UnknownRequest)?;
    let reopened = &command.reopened;
    if help_request.is_open() {
        return Ok(vec![]);
    }
    if need.texts_erased {
        return Err(Refusal::TextsErased);
    }
    if !expires_within_bounds(reopened.at, reopened.expires_at) {
        return Err(Refusal::ExpiresAt);
    }
    if need.reopened >= MAX_REOPENED {
        return Err(Refusal::TooManyTimes);
    }
    Ok(vec![(*reopened).into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Entity as _;
    use crate::help_request::HelpRequestCommand;
    use crate::help_request::examples;

    #[test]
    fn every_closed_request_is_opened_again() {
        let command = examples::reopen();
        for closed in [
            examples::fulfilled(),
            examples::withdrawn(),
            examples::expired(),
            examples::closed_unmet(),
        ] {
            assert_eq!(decide(&closed, &command), Ok(vec![command.reopened.into()]));
        }
    }

    #[test]
    fn it_opens_for_a_time_that_lies_ahead() {
        let mut command = examples::reopen();
        command.reopened.expires_at = command.reopened.at;
        assert_eq!(
            decide(&examples::fulfilled(), &command),
            Err(Refusal::ExpiresAt)
        );
    }

    #[test]
    fn it_does_not_open_without_what_it_said() {
        assert_eq!(
            decide(&examples::texts_erased(), &examples::reopen()),
            Err(Refusal::TextsErased)
        );
    }

    #[test]
    fn what_is_open_stays_open() {
        assert_eq!(decide(&examples::open(), &examples::reopen()), Ok(vec![]));
        assert_eq!(
            decide(&examples::claimed(), &examples::reopen()),
            Ok(vec![])
        );
    }

    #[test]
    fn it_is_not_opened_again_for_ever() {
        let mut request = examples::fulfilled();
        for _ in 0..MAX_REOPENED {
            let again = HelpRequestCommand::from(examples::reopen());
            for command in [again, examples::withdraw().into()] {
                for event in request.decide(&command).expect("allowed") {
                    request.evolve(event);
                }
            }
        }
        let refusal = decide(&request, &examples::reopen());
        assert_eq!(refusal, Err(Refusal::TooManyTimes));
    }
}
