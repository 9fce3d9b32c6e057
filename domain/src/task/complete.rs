//! Work was done: under a claim, or by somebody who simply came.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claims::{ClaimStage, TaskClaim, Work};
use super::{MAX_CLAIMS, MAX_MINUTES, Task, TaskEvent};
use crate::ids::{ClaimId, MemberId};

/// Complete a claim, or work without one.
#[derive(Clone, Copy, Debug)]
pub struct Complete {
    /// The claim. Without one: a new id, under which this work can be confirmed or disputed.
    pub claim_id: ClaimId,
    /// Under a claim or without.
    pub by: By,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// How long it took, 1 to [`MAX_MINUTES`].
    pub minutes: u32,
}

/// By whom work was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// By whoever holds the claim.
    Claim,
    /// By somebody who had not claimed it.
    WithoutClaim {
        /// The member, where it was one.
        member: Option<MemberId>,
    },
}

/// Work was completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Completed {
    /// The claim, or the id under which work without a claim can be confirmed or disputed.
    pub claim_id: ClaimId,
    /// Who did it, where it was a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// How long it took.
    pub minutes: u32,
    /// Whether it was done without having been claimed.
    pub without_claim: bool,
}

refusals! {
    /// Why work is not completed.
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
        /// It was completed before, otherwise.
        #[error("this was completed before; within 15 minutes it can be taken back")]
        AlreadyCompleted {
            /// When it was done.
            at: DateTime<Utc>
        },
        /// The member holds a claim, and it is that which is completed.
        #[error("this member has taken this on; please complete that claim")]
        AlreadyClaimed,
        /// A length that cannot be.
        #[error("work takes 1 to {MAX_MINUTES} minutes")]
        Minutes,
        /// More than one task can hold.
        #[error("a task holds at most {MAX_CLAIMS} claims")]
        TooManyClaims,
    }
}

/// Whether work is completed. It may be told late, when the task has expired.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Complete) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let known = work.claims.get(&command.claim_id);
    if known.is_some_and(|claim| command.is_recorded_in(claim)) {
        return Ok(vec![]);
    }
    if matches!(task, Task::Cancelled(_)) {
        return Err(Refusal::NotOpen);
    }
    if !(1..=MAX_MINUTES).contains(&command.minutes) {
        return Err(Refusal::Minutes);
    }
    let member = match (command.by, known) {
        (By::Claim, None) => return Err(Refusal::UnknownClaim),
        (By::Claim, Some(claim)) if claim.stage.is_live() => claim.member,
        (By::Claim | By::WithoutClaim { .. }, Some(claim)) => return Err(not_held(claim)),
        (By::WithoutClaim { member }, None) => {
            check_without_claim(work, member)?;
            member
        }
    };
    Ok(vec![
        Completed {
            claim_id: command.claim_id,
            member,
            at: command.at,
            minutes: command.minutes,
            without_claim: command.by != By::Claim,
        }
        .into(),
    ])
}

fn not_held(claim: &TaskClaim) -> Refusal {
    match (claim.stage.minutes(), claim.ended_at) {
        (Some(_), Some(at)) => Refusal::AlreadyCompleted { at },
        (Some(_), None) | (None, _) => Refusal::NotHeld,
    }
}

fn check_without_claim(work: &Work, member: Option<MemberId>) -> Result<(), Refusal> {
    if member.is_some_and(|member| work.is_held_by(member)) {
        return Err(Refusal::AlreadyClaimed);
    }
    if work.claims.len() >= MAX_CLAIMS {
        return Err(Refusal::TooManyClaims);
    }
    Ok(())
}

impl Complete {
    fn is_recorded_in(&self, claim: &TaskClaim) -> bool {
        let same_person = match self.by {
            By::Claim => !claim.without_claim,
            By::WithoutClaim { member } => claim.without_claim && claim.member == member,
        };
        let minutes = self.minutes;
        same_person && claim.stage == ClaimStage::Completed { minutes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn who_holds_a_claim_completes_it() {
        let command = examples::complete();
        let completed = Completed {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            at: command.at,
            minutes: command.minutes,
            without_claim: false,
        };
        let events = Ok(vec![completed.into()]);
        assert_eq!(decide(&examples::started(), &command), events);
        assert_eq!(decide(&examples::claimed(), &command), events);
    }

    #[test]
    fn somebody_who_simply_came_counts_too() {
        let command = examples::walk_in();
        let completed = Completed {
            claim_id: command.claim_id,
            member: Some(examples::other().member),
            at: command.at,
            minutes: command.minutes,
            without_claim: true,
        };
        let events = Ok(vec![completed.into()]);
        assert_eq!(decide(&examples::created(), &command), events);
        assert_eq!(decide(&examples::expired(), &command), events);
    }

    #[test]
    fn who_holds_a_claim_completes_that_one() {
        let mut command = examples::walk_in();
        let member = Some(examples::claim().helper.member);
        command.by = By::WithoutClaim { member };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Err(Refusal::AlreadyClaimed)
        );
    }

    #[test]
    fn nothing_is_completed_on_a_cancelled_task_or_a_released_claim() {
        assert_eq!(
            decide(&examples::cancelled(), &examples::walk_in()),
            Err(Refusal::NotOpen)
        );
        assert_eq!(
            decide(&examples::released(), &examples::complete()),
            Err(Refusal::NotHeld)
        );
    }

    #[test]
    fn work_takes_a_time_that_can_be() {
        for minutes in [0, MAX_MINUTES + 1] {
            let command = Complete {
                minutes,
                ..examples::complete()
            };
            assert_eq!(
                decide(&examples::claimed(), &command),
                Err(Refusal::Minutes)
            );
        }
    }

    #[test]
    fn other_minutes_need_the_first_to_be_taken_back() {
        let mut other = examples::complete();
        other.minutes += 1;
        let at = examples::complete().at;
        assert_eq!(
            decide(&examples::completed(), &other),
            Err(Refusal::AlreadyCompleted { at })
        );
    }

    #[test]
    fn the_same_completion_again_changes_nothing() {
        assert_eq!(
            decide(&examples::completed(), &examples::complete()),
            Ok(vec![])
        );
    }

    #[test]
    fn it_was_not_another_who_came() {
        let commands = [examples::create().into(), examples::walk_in().into()];
        let member = Some(examples::third().member);
        let other = Complete {
            by: By::WithoutClaim { member },
            ..examples::walk_in()
        };
        let at = other.at;
        assert_eq!(
            decide(&examples::after(commands), &other),
            Err(Refusal::AlreadyCompleted { at })
        );
    }
}
