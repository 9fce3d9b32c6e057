//! A coordinator closes a request for which no help could be found: it shows unmet need.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HelpRequest, HelpRequestEvent};

/// Close a request as unmet.
#[derive(Clone, Copy, Debug)]
pub struct CloseUnmet {
    /// Why.
    pub reason: UnmetReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// A request was closed as unmet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedUnmet {
    /// Why.
    pub reason: UnmetReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why help could not be found.
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
pub enum UnmetReason {
    /// Nobody was found in time.
    NobodyFound,
    /// The person could not be reached.
    NotReachable,
    /// Neighbours cannot do this; professionals can.
    NeedsProfessionals,
    /// Another organisation has taken it over.
    Referred,
    /// It would not be safe for whoever comes.
    NotSafe,
    /// Anything else.
    Other,
}

refusals! {
    /// Why a request is not closed as unmet.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It was closed otherwise.
        #[error("this request is closed")]
        NotOpen,
        /// Somebody is on it; the claim is released first.
        #[error("somebody has taken this on")]
        AlreadyClaimed,
    }
}

/// Whether the request is closed as unmet.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &CloseUnmet,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    match help_request {
        HelpRequest::Unknown => Err(Refusal::UnknownRequest),
        HelpRequest::ClosedUnmet(_) => Ok(vec![]),
        HelpRequest::Fulfilled(_) | HelpRequest::Withdrawn(_) | HelpRequest::Expired(_) => {
            Err(Refusal::NotOpen)
        }
        HelpRequest::Claimed { .. } => Err(Refusal::AlreadyClaimed),
        HelpRequest::Open(_) => Ok(vec![
            ClosedUnmet {
                reason: command.reason,
                at: command.at,
            }
            .into(),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    #[test]
    fn an_open_request_is_closed_with_a_reason() {
        let command = examples::close_unmet();
        let closed = ClosedUnmet {
            reason: command.reason,
            at: command.at,
        };
        assert_eq!(decide(&examples::open(), &command), Ok(vec![closed.into()]));
    }

    #[test]
    fn what_somebody_has_taken_on_is_not_closed() {
        assert_eq!(
            decide(&examples::claimed(), &examples::close_unmet()),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn what_was_closed_as_unmet_stays_so() {
        assert_eq!(
            decide(&examples::closed_unmet(), &examples::close_unmet()),
            Ok(vec![])
        );
    }
}
