//! The person no longer needs help, or no longer wants it from here.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent};
use crate::ids::{ClaimId, MemberId};

/// Withdraw a request.
#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    /// When.
    pub at: DateTime<Utc>,
}

/// A request was withdrawn; a claim on it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// The claim that ended with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<ClaimId>,
    /// Who held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a request is not withdrawn.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It was closed otherwise.
        #[error("this request is closed")]
        NotOpen,
    }
}

/// Whether the request is withdrawn.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Withdraw,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    match help_request {
        HelpRequest::Unknown => Err(Refusal::UnknownRequest),
        HelpRequest::Withdrawn(_) => Ok(vec![]),
        HelpRequest::Fulfilled(_) | HelpRequest::Expired(_) | HelpRequest::ClosedUnmet(_) => {
            Err(Refusal::NotOpen)
        }
        HelpRequest::Open(_) | HelpRequest::Claimed { .. } => {
            let claim = help_request.claim();
            Ok(vec![
                Withdrawn {
                    claim_id: claim.map(|claim| claim.claim_id),
                    member: claim.map(|claim| claim.member),
                    at: command.at,
                }
                .into(),
            ])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    #[test]
    fn an_open_request_is_withdrawn() {
        let command = examples::withdraw();
        let withdrawn = Withdrawn {
            claim_id: None,
            member: None,
            at: command.at,
        };
        assert_eq!(
            decide(&examples::open(), &command),
            Ok(vec![withdrawn.into()])
        );
    }

    #[test]
    fn a_claim_ends_with_its_request() {
        let (command, claim) = (examples::withdraw(), examples::claim());
        let withdrawn = Withdrawn {
            claim_id: Some(claim.claim_id),
            member: Some(claim.helper.member),
            at: command.at,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![withdrawn.into()])
        );
    }

    #[test]
    fn a_fulfilled_request_is_not_withdrawn() {
        assert_eq!(
            decide(&examples::fulfilled(), &examples::withdraw()),
            Err(Refusal::NotOpen)
        );
    }

    #[test]
    fn a_withdrawn_request_stays_withdrawn() {
        assert_eq!(
            decide(&examples::withdrawn(), &examples::withdraw()),
            Ok(vec![])
        );
    }
}
