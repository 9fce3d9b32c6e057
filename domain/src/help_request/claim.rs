//! A member takes a request on.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{HelpRequest, HelpRequestEvent, MAX_CLAIMS};
use crate::help::lapses_at;
use crate::ids::{ClaimId, MemberId};
use crate::member::Helper;

/// Claim a request.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// The id of this claim.
    pub claim_id: ClaimId,
    /// Who takes it on.
    pub helper: Helper,
    /// When.
    pub at: DateTime<Utc>,
}

/// A request was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    /// The id of this claim.
    pub claim_id: ClaimId,
    /// Who took it on.
    pub member: MemberId,
    /// When.
    pub at: DateTime<Utc>,
    /// The instant from which it is released if nothing was heard.
    pub lapses_at: DateTime<Utc>,
}

refusals! {
    /// Why a request is not claimed.
    pub enum Refusal {
        /// No such request.
        #[error("there is no such request")]
        UnknownRequest,
        /// Help is no longer wanted.
        #[error("this request is closed")]
        NotOpen,
        /// Its time is over.
        #[error("this request was open until an earlier time")]
        Expired,
        /// Somebody was faster.
        #[error("somebody else has taken this on")]
        AlreadyClaimed,
        /// This claim was held before and ended.
        #[error("this claim has ended; a new one is needed")]
        ClaimEnded,
        /// The member has left.
        #[error("the member has left the network")]
        MemberLeft,
        /// So many claims came to nothing that a coordinator should look at it.
        #[error("this request was claimed {MAX_CLAIMS} times; please make a new one")]
        TooManyClaims,
    }
}

/// Whether the request is claimed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(
    help_request: &HelpRequest,
    command: &Claim,
) -> Result<Vec<HelpRequestEvent>, Refusal> {
    let member = command.helper.member;
    let need = match help_request {
        HelpRequest::Unknown => return Err(Refusal::UnknownRequest),
        HelpRequest::Claimed { claim, .. }
            if (claim.claim_id, claim.member) == (command.claim_id, member) =>
        {
            return Ok(vec![]);
        }
        HelpRequest::Claimed { .. } => return Err(Refusal::AlreadyClaimed),
        HelpRequest::Fulfilled(_)
        | HelpRequest::Withdrawn(_)
        | HelpRequest::Expired(_)
        | HelpRequest::ClosedUnmet(_) => return Err(Refusal::NotOpen),
        HelpRequest::Open(need) => need,
    };
    if need.terms.expires_at <= command.at {
        return Err(Refusal::Expired);
    }
    if need.past(command.claim_id).is_some() {
        return Err(Refusal::ClaimEnded);
    }
    if !command.helper.takes_part {
        return Err(Refusal::MemberLeft);
    }
    if need.past.len() >= MAX_CLAIMS {
        return Err(Refusal::TooManyClaims);
    }
    Ok(vec![
        Claimed {
            claim_id: command.claim_id,
            member,
            at: command.at,
            lapses_at: lapses_at(command.at, need.terms.window),
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::help::CLAIM_GRACE;
    use crate::help_request::examples;

    #[test]
    fn an_open_request_is_claimed_until_a_day_after_its_window() {
        let command = examples::claim();
        let window = examples::request().requested.terms.window.expect("one");
        let claimed = Claimed {
            claim_id: command.claim_id,
            member: command.helper.member,
            at: command.at,
            lapses_at: window.to + CLAIM_GRACE,
        };
        assert_eq!(
            decide(&examples::open(), &command),
            Ok(vec![claimed.into()])
        );
    }

    #[test]
    fn one_person_at_a_time_takes_it_on() {
        let mut other = examples::claim();
        other.helper = examples::other();
        assert_eq!(
            decide(&examples::claimed(), &other),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn what_is_closed_or_over_is_not_claimed() {
        let mut command = examples::claim();
        assert_eq!(
            decide(&examples::withdrawn(), &command),
            Err(Refusal::NotOpen)
        );
        command.at = examples::request().requested.terms.expires_at;
        assert_eq!(decide(&examples::open(), &command), Err(Refusal::Expired));
    }

    #[test]
    fn who_left_takes_nothing_on() {
        let mut command = examples::claim();
        command.helper.takes_part = false;
        assert_eq!(
            decide(&examples::open(), &command),
            Err(Refusal::MemberLeft)
        );
    }

    #[test]
    fn a_claim_that_ended_does_not_come_back() {
        assert_eq!(
            decide(&examples::released(), &examples::claim()),
            Err(Refusal::ClaimEnded)
        );
    }

    #[test]
    fn the_same_claim_again_changes_nothing() {
        assert_eq!(decide(&examples::claimed(), &examples::claim()), Ok(vec![]));
    }
}
