//! Whoever is said not to have come disagrees; a coordinator decides.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::claims::ClaimStage;
use super::{Task, TaskEvent};
use crate::ids::{ClaimId, MemberId};

/// Contest the report of an absence.
#[derive(Clone, Copy, Debug)]
pub struct ContestNoShow {
    /// The claim.
    pub claim_id: ClaimId,
    /// When.
    pub at: DateTime<Utc>,
}

/// The report of an absence was contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoShowContested {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who holds it, where it is a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why an absence is not contested.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// Nobody said so.
        #[error("no absence was reported")]
        NotReported,
        /// A coordinator has decided.
        #[error("this dispute was resolved before")]
        AlreadyResolved,
    }
}

/// Whether the absence is contested.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &ContestNoShow) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    match claim.stage {
        ClaimStage::NoShow { .. } => Ok(vec![
            NoShowContested {
                claim_id: command.claim_id,
                member: claim.member,
                at: command.at,
            }
            .into(),
        ]),
        ClaimStage::NoShowContested { .. } => Ok(vec![]),
        ClaimStage::NoShowUpheld { .. } | ClaimStage::Struck => Err(Refusal::AlreadyResolved),
        ClaimStage::Held
        | ClaimStage::Started
        | ClaimStage::Completed { .. }
        | ClaimStage::Confirmed { .. }
        | ClaimStage::Disputed { .. }
        | ClaimStage::Released { .. }
        | ClaimStage::CalledOff => Err(Refusal::NotReported),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn a_reported_absence_is_contested() {
        let command = examples::contest_no_show();
        let contested = NoShowContested {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            at: command.at,
        };
        assert_eq!(
            decide(&examples::no_show(), &command),
            Ok(vec![contested.into()])
        );
    }

    #[test]
    fn what_nobody_reported_is_not_contested() {
        assert_eq!(
            decide(&examples::claimed(), &examples::contest_no_show()),
            Err(Refusal::NotReported)
        );
    }

    #[test]
    fn the_same_contest_again_changes_nothing() {
        assert_eq!(
            decide(&examples::no_show_contested(), &examples::contest_no_show()),
            Ok(vec![])
        );
    }
}
