//! Somebody says that the work was not done, or not so.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::claims::ClaimStage;
use super::{Task, TaskEvent, Witness};
use crate::ids::{ClaimId, MemberId};

/// Dispute a completion.
#[derive(Clone, Copy, Debug)]
pub struct Dispute {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who disputes it.
    pub by: Witness,
    /// Why.
    pub reason: DisputeReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// A completion was disputed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputed {
    /// The claim.
    pub claim_id: ClaimId,
    /// Who is said to have done the work, where it was a member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// Who disputed it.
    pub by: Witness,
    /// Why.
    pub reason: DisputeReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a completion is disputed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DisputeReason {
    /// It was not done.
    NotDone,
    /// A part of it was not done.
    DoneInPart,
    /// It took another time.
    WrongMinutes,
    /// Somebody else did it.
    SomebodyElse,
    /// Anything else.
    Other,
}

refusals! {
    /// Why a completion is not disputed.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// No such claim on this task.
        #[error("there is no such claim on this task")]
        UnknownClaim,
        /// There is nothing to dispute.
        #[error("this was not completed")]
        NotCompleted,
        /// It was confirmed, by somebody or after a dispute.
        #[error("this was confirmed")]
        AlreadyConfirmed,
    }
}

/// Whether the completion is disputed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Dispute) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    let claim = work.claims.get(&command.claim_id);
    let claim = claim.ok_or(Refusal::UnknownClaim)?;
    match claim.stage {
        ClaimStage::Completed { .. } => Ok(vec![
            Disputed {
                claim_id: command.claim_id,
                member: claim.member,
                by: command.by,
                reason: command.reason,
                at: command.at,
            }
            .into(),
        ]),
        ClaimStage::Disputed { .. } => Ok(vec![]),
        ClaimStage::Confirmed { .. } => Err(Refusal::AlreadyConfirmed),
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
    fn completed_work_is_disputed() {
        let command = examples::dispute();
        let disputed = Disputed {
            claim_id: command.claim_id,
            member: Some(examples::claim().helper.member),
            by: command.by,
            reason: command.reason,
            at: command.at,
        };
        assert_eq!(
            decide(&examples::completed(), &command),
            Ok(vec![disputed.into()])
        );
    }

    #[test]
    fn confirmed_work_is_not_disputed() {
        assert_eq!(
            decide(&examples::confirmed(), &examples::dispute()),
            Err(Refusal::AlreadyConfirmed)
        );
    }

    #[test]
    fn the_same_dispute_again_changes_nothing() {
        assert_eq!(
            decide(&examples::disputed(), &examples::dispute()),
            Ok(vec![])
        );
    }
}
