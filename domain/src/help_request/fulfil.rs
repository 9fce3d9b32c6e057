//! Help was given: by whoever holds the claim, or by somebody outside.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent};
use crate::ids::{ClaimId, MemberId};

/// Fulfil a request.
#[derive(Clone, Copy, Debug)]
pub struct Fulfil {
    /// The claim under which help was given, also one that lapsed before it was told; absent if
    /// somebody outside helped.
    pub claim_id: Option<ClaimId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A request was fulfilled; a claim on it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fulfilled {
    /// The claim under which help was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim_id: Option<ClaimId>,
    /// Who held it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a request is not fulfilled.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// It was closed otherwise.
        #[error("this request is closed")]
        NotOpen,
        /// Somebody holds another claim.
        #[error("somebody else has taken this on")]
        AlreadyClaimed,
        /// No such claim on this request.
        #[error("there is no such claim on this request")]
        UnknownClaim,
    }
}

/// Whether the request is fulfilled.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Fulfil,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let member = match (help_request, command.claim_id) {
        (HelpRequest::Unknown, _) => return Err(Refusal::UnknownRequest),
        (HelpRequest::Fulfilled(_), _) => return Ok(vec![]),
        (HelpRequest::Withdrawn(_) | HelpRequest::Expired(_) | HelpRequest::ClosedUnmet(_), _) => {
            return Err(Refusal::NotOpen);
        }
        (HelpRequest::Claimed { claim, .. }, Some(id)) if claim.claim_id == id => {
            Some(claim.member)
        }
        (HelpRequest::Claimed { .. }, _) => return Err(Refusal::AlreadyClaimed),
        (HelpRequest::Open(_), None) => None,
        (HelpRequest::Open(need), Some(id)) => {
            Some(need.past(id).ok_or(Refusal::UnknownClaim)?.member)
        }
    };
    Ok(vec![
        Fulfilled {
            claim_id: command.claim_id,
            member,
            at: command.at,
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    fn fulfilled_by_the_helper() -> Vec<HelpRequestEvent> {
        let command = examples::fulfil();
        vec![
            Fulfilled {
                claim_id: command.claim_id,
                member: Some(examples::claim().helper.member),
                at: command.at,
            }
            .into(),
        ]
    }

    #[test]
    fn who_holds_the_claim_fulfils_the_request() {
        assert_eq!(
            decide(&examples::claimed(), &examples::fulfil()),
            Ok(fulfilled_by_the_helper())
        );
    }

    #[test]
    fn help_that_is_told_after_the_claim_ended_counts() {
        assert_eq!(
            decide(&examples::released(), &examples::fulfil()),
            Ok(fulfilled_by_the_helper())
        );
    }

    #[test]
    fn somebody_outside_fulfils_what_nobody_has_claimed() {
        let outside = Fulfil {
            claim_id: None,
            ..examples::fulfil()
        };
        assert!(decide(&examples::open(), &outside).is_ok());
        assert_eq!(
            decide(&examples::claimed(), &outside),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn what_was_withdrawn_is_not_fulfilled() {
        assert_eq!(
            decide(&examples::withdrawn(), &examples::fulfil()),
            Err(Refusal::NotOpen)
        );
    }

    #[test]
    fn a_fulfilled_request_stays_fulfilled() {
        assert_eq!(
            decide(&examples::fulfilled(), &examples::fulfil()),
            Ok(vec![])
        );
    }
}
