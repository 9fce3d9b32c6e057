//! A claim ends without help, and the request is open for others again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent};
use crate::help::ReleaseReason;
use crate::ids::{ClaimId, MemberId};

/// Release a claim.
#[derive(Clone, Copy, Debug)]
pub struct Release {
    /// The claim.
    pub claim_id: ClaimId,
    /// Why.
    pub reason: ReleaseReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// A claim was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who held it.
    pub member: MemberId,
    /// Why.
    pub reason: ReleaseReason,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a claim is not released.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// No such claim on this request.
        #[error("there is no such claim on this request")]
        UnknownClaim,
        /// It lapses later.
        #[error("this claim has not lapsed yet")]
        NotLapsed {
            /// When it will.
            lapses_at: DateTime<Utc>
        },
    }
}

/// Whether the claim is released.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Release,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let need = help_request.need().ok_or(Refusal::UnknownRequest)?;
    if need.past(command.claim_id).is_some() {
        return Ok(vec![]);
    }
    let claim = help_request
        .claim()
        .filter(|claim| claim.claim_id == command.claim_id)
        .ok_or(Refusal::UnknownClaim)?;
    if command.reason == ReleaseReason::Lapsed && command.at < claim.lapses_at {
        return Err(Refusal::NotLapsed {
            lapses_at: claim.lapses_at,
        });
    }
    Ok(vec![
        Released {
            claim_id: command.claim_id,
            member: claim.member,
            reason: command.reason,
            at: command.at,
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help_request::examples;

    #[test]
    fn a_claim_is_given_up() {
        let command = examples::release();
        let released = Released {
            claim_id: command.claim_id,
            member: examples::claim().helper.member,
            reason: ReleaseReason::GivenUp,
            at: command.at,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![released.into()])
        );
    }

    #[test]
    fn a_claim_lapses_at_its_time_and_not_before() {
        let lapses_at = examples::claimed().claim().expect("a claim").lapses_at;
        let mut command = examples::release();
        command.reason = ReleaseReason::Lapsed;
        assert_eq!(
            decide(&examples::claimed(), &command),
            Err(Refusal::NotLapsed { lapses_at })
        );
        command.at = lapses_at;
        assert!(decide(&examples::claimed(), &command).is_ok());
    }

    #[test]
    fn a_claim_that_nobody_holds_is_not_released() {
        assert_eq!(
            decide(&examples::open(), &examples::release()),
            Err(Refusal::UnknownClaim)
        );
    }

    #[test]
    fn a_released_claim_stays_released() {
        assert_eq!(
            decide(&examples::released(), &examples::release()),
            Ok(vec![])
        );
    }
}
