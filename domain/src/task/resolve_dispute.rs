//! A coordinator decides what stands: of disputed work, or of a contested report of absence.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claims::ClaimStage;
use super::{MAX_MINUTES, Task, TaskEvent};
use crate::ids::{ClaimId, MemberId};

/// Resolve a dispute.
#[derive(Clone, Copy, Debug)]
pub struct ResolveDispute {
    /// The claim.
    pub claim_id: ClaimId,
    /// What stands.
    pub outcome: Outcome,
    /// When.
    pub at: DateTime<Utc>,
}

/// A dispute was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DisputeResolved {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it, where it is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// What stands.
    pub outcome: Outcome,
    /// When.
    pub at: DateTime<Utc>,
}

/// What stands after a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Outcome {
    /// The work as completed; or the report that somebody did not come.
    Stands,
    /// The work, with other minutes.
    Adjusted {
        /// The minutes that count, 1 to [`MAX_MINUTES`].
        minutes: u32,
    },
    /// Nothing: the work does not count; or nobody is to blame for not having come.
    Struck,
}

refusals! {
    /// Why a dispute is not resolved.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// Nobody disputes it.
        #[error("nobody disputes this")]
        NotDisputed,
        /// It was decided before, otherwise.
        #[error("this dispute was resolved before")]
        AlreadyResolved,
        /// Minutes are of work, and of a length that can be.
        #[error("only work is adjusted, to 1 to {MAX_MINUTES} minutes")]
        Minutes,
    }
}

/// Whether the dispute is resolved.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &ResolveDispute) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    match claim.resolved {
        Some(outcome) if outcome == command.outcome => return Ok(vec![]),
        Some(_) => return Err(Refusal::AlreadyResolved),
        None => {}
    }
    let is_absence = match claim.stage {
        ClaimStage::Disputed { .. } => false,
        ClaimStage::NoShowContested { .. } => true,
        ClaimStage::Held
        | ClaimStage::Started
        | ClaimStage::Completed { .. }
        | ClaimStage::Confirmed { .. }
        | ClaimStage::Released { .. }
        | ClaimStage::CalledOff
        | ClaimStage::NoShow { .. }
        | ClaimStage::NoShowUpheld { .. }
        | ClaimStage::Struck => return Err(Refusal::NotDisputed),
    };
    match command.outcome {
        Outcome::Adjusted { minutes } if is_absence || !(1..=MAX_MINUTES).contains(&minutes) => {
            Err(Refusal::Minutes)
        }
        Outcome::Stands | Outcome::Adjusted { .. } | Outcome::Struck => Ok(vec![
            DisputeResolved {
                claim_id: command.claim_id,
                member: claim.member,
                outcome: command.outcome,
                at: command.at,
            }
            .into(),
        ]),
    }
}

impl Outcome {
    /// The stage of a claim after this outcome.
    pub(super) fn stage(self, before: ClaimStage) -> ClaimStage {
        match (self, before) {
            (Self::Struck, _) => ClaimStage::Struck,
            (Self::Stands, ClaimStage::NoShowContested { who }) => ClaimStage::NoShowUpheld { who },
            (Self::Stands, stage) => ClaimStage::Confirmed {
                minutes: stage.minutes().unwrap_or_default(),
            },
            (Self::Adjusted { minutes }, _) => ClaimStage::Confirmed { minutes },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    fn resolved(task: &Task, outcome: Outcome) -> Result<Vec<TaskEvent>, Refusal> {
        let command = ResolveDispute {
            outcome,
            ..examples::resolve_dispute()
        };
        decide(task, &command)
    }

    #[test]
    fn disputed_work_stands_is_adjusted_or_struck() {
        let minutes = 30;
        for outcome in [
            Outcome::Stands,
            Outcome::Adjusted { minutes },
            Outcome::Struck,
        ] {
            let expected = DisputeResolved {
                claim_id: examples::claim().claim_id,
                member: Some(examples::claim().helper.member),
                outcome,
                at: examples::resolve_dispute().at,
            };
            assert_eq!(
                resolved(&examples::disputed(), outcome),
                Ok(vec![expected.into()])
            );
        }
    }

    #[test]
    fn an_absence_stands_or_is_struck_and_has_no_minutes() {
        let contested = examples::no_show_contested();
        assert!(resolved(&contested, Outcome::Stands).is_ok());
        assert!(resolved(&contested, Outcome::Struck).is_ok());
        assert_eq!(
            resolved(&contested, Outcome::Adjusted { minutes: 30 }),
            Err(Refusal::Minutes)
        );
    }

    #[test]
    fn what_nobody_disputes_is_not_resolved() {
        assert_eq!(
            resolved(&examples::completed(), Outcome::Struck),
            Err(Refusal::NotDisputed)
        );
    }

    #[test]
    fn a_dispute_is_resolved_once() {
        assert_eq!(
            resolved(&examples::struck(), Outcome::Stands),
            Err(Refusal::AlreadyResolved)
        );
        assert_eq!(resolved(&examples::struck(), Outcome::Struck), Ok(vec![]));
    }
}
