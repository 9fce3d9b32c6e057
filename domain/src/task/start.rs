//! Somebody is at work, or still is: a completion that was told too soon is taken back by starting
//! again within [`UNDO`].

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claims::ClaimStage;
use super::{Task, TaskEvent};
use crate::ids::{ClaimId, MemberId};
use crate::time::UNDO;

/// Start.
#[derive(Clone, Copy, Debug)]
pub struct Start {
    /// The claim.
    pub claim_id: ClaimId,
    /// When.
    pub at: DateTime<Utc>,
}

/// Work was started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
    /// If this takes back a completion: the minutes that it said, which count no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_minutes: Option<u32>,
}

refusals! {
    /// Why work is not started.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// It was cancelled.
        #[error("this task was cancelled")]
        NotOpen,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// The claim has ended.
        #[error("this claim is not held any more")]
        NotHeld,
        /// A completion is taken back within 15 minutes; later it is disputed.
        #[error("a completion is taken back within 15 minutes; later a coordinator can help")]
        TooLate {
            /// Until when it could be.
            until: DateTime<Utc>
        },
    }
}

/// Whether work is started.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Start) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    if matches!(task, Task::Cancelled(_)) {
        return Err(Refusal::NotOpen);
    }
    let undone_minutes = match (claim.stage, claim.ended_at) {
        (ClaimStage::Started, _) => return Ok(vec![]),
        (ClaimStage::Held, _) => None,
        (ClaimStage::Completed { minutes }, Some(ended_at)) if !claim.without_claim => {
            let until = ended_at + UNDO;
            if until <= command.at {
                return Err(Refusal::TooLate { until });
            }
            Some(minutes)
        }
        (
            ClaimStage::Completed { .. }
            | ClaimStage::Confirmed { .. }
            | ClaimStage::Disputed { .. }
            | ClaimStage::Released { .. }
            | ClaimStage::CalledOff
            | ClaimStage::NoShow { .. }
            | ClaimStage::NoShowContested { .. }
            | ClaimStage::NoShowUpheld { .. }
            | ClaimStage::Struck,
            _,
        ) => return Err(Refusal::NotHeld),
    };
    Ok(vec![
        Started {
            claim_id: command.claim_id,
            member: claim.member,
            at: command.at,
            undone_minutes,
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn who_holds_a_claim_starts() {
        let command = examples::start();
        let started = Started {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            at: command.at,
            undone_minutes: None,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![started.into()])
        );
    }

    #[test]
    fn a_completion_is_taken_back_within_fifteen_minutes() {
        let completed = examples::complete();
        let until = completed.at + UNDO;
        let mut command = examples::start();
        command.at = until - chrono::TimeDelta::microseconds(1);
        let started = Started {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            at: command.at,
            undone_minutes: Some(completed.minutes),
        };
        assert_eq!(
            decide(&examples::completed(), &command),
            Ok(vec![started.into()])
        );
        command.at = until;
        assert_eq!(
            decide(&examples::completed(), &command),
            Err(Refusal::TooLate { until })
        );
    }

    #[test]
    fn a_released_claim_is_not_started() {
        assert_eq!(
            decide(&examples::released(), &examples::start()),
            Err(Refusal::NotHeld)
        );
    }

    #[test]
    fn work_without_a_claim_cannot_be_started_again() {
        let walk_in = examples::walk_in();
        let task = examples::after([examples::create().into(), walk_in.into()]);
        let start = Start {
            claim_id: walk_in.claim_id,
            at: walk_in.at,
        };
        assert_eq!(decide(&task, &start), Err(Refusal::NotHeld));
    }

    #[test]
    fn who_has_started_starts_only_once() {
        assert_eq!(decide(&examples::started(), &examples::start()), Ok(vec![]));
    }
}
