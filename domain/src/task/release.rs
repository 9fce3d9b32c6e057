//! A claim ends without work, and its slot is free again.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claims::ClaimStage;
use super::{Task, TaskEvent};
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Why.
    pub reason: ReleaseReason,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a claim is not released.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// Work was done on it, or somebody did not come.
        #[error("this claim is not held any more")]
        NotHeld,
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
pub fn decide(task: &Task, command: &Release) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    if matches!(
        claim.stage,
        ClaimStage::Released { .. } | ClaimStage::CalledOff
    ) {
        return Ok(vec![]);
    }
    if !claim.stage.is_live() {
        return Err(Refusal::NotHeld);
    }
    match claim.lapses_at {
        Some(lapses_at) if command.reason == ReleaseReason::Lapsed && command.at < lapses_at => {
            Err(Refusal::NotLapsed { lapses_at })
        }
        Some(_) | None => Ok(vec![
            Released {
                claim_id: command.claim_id,
                member: claim.member,
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
    use crate::task::examples;

    #[test]
    fn a_claim_is_given_up() {
        let command = examples::release();
        let released = Released {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
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
        let lapses_at = examples::create().created.window.to + crate::help::CLAIM_GRACE;
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
    fn completed_work_is_not_released() {
        assert_eq!(
            decide(&examples::completed(), &examples::release()),
            Err(Refusal::NotHeld)
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
