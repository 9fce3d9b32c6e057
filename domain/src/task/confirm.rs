//! Somebody who was there, or knows, says that the work was done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claims::ClaimStage;
use super::{Task, TaskEvent, Witness};
use crate::ids::{ClaimId, MemberId};

/// Confirm a completion.
#[derive(Clone, Copy, Debug)]
pub struct Confirm {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who confirms it.
    pub by: Witness,
    /// When.
    pub at: DateTime<Utc>,
}

/// A completion was confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who did the work, where it was a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Who confirmed it.
    pub by: Witness,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why a completion is not confirmed.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// There is nothing to confirm.
        #[error("this was not completed")]
        NotCompleted,
        /// A coordinator decides first.
        #[error("this is disputed, and a coordinator decides")]
        Disputed,
    }
}

/// Whether the completion is confirmed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Confirm) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    match claim.stage {
        ClaimStage::Completed { .. } => Ok(vec![
            Confirmed {
                claim_id: command.claim_id,
                member: claim.member,
                by: command.by,
                at: command.at,
            }
            .into(),
        ]),
        ClaimStage::Confirmed { .. } => Ok(vec![]),
        ClaimStage::Disputed { .. } => Err(Refusal::Disputed),
        ClaimStage::Held
        | ClaimStage::Started
        | ClaimStage::Released { .. }
        | ClaimStage::CalledOff
        | ClaimStage::NoShow { .. }
        | ClaimStage::NoShowContested { .. }
        | ClaimStage::NoShowUpheld { .. }
        | ClaimStage::Struck => Err(Refusal::NotCompleted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn completed_work_is_confirmed() {
        let command = examples::confirm();
        let confirmed = Confirmed {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            by: command.by,
            at: command.at,
        };
        assert_eq!(
            decide(&examples::completed(), &command),
            Ok(vec![confirmed.into()])
        );
    }

    #[test]
    fn work_that_is_not_done_or_disputed_is_not_confirmed() {
        let command = examples::confirm();
        assert_eq!(
            decide(&examples::claimed(), &command),
            Err(Refusal::NotCompleted)
        );
        assert_eq!(
            decide(&examples::disputed(), &command),
            Err(Refusal::Disputed)
        );
    }

    #[test]
    fn the_same_confirmation_again_changes_nothing() {
        assert_eq!(
            decide(&examples::confirmed(), &examples::confirm()),
            Ok(vec![])
        );
    }
}
