//! A task is not needed or not possible any more; nobody has to come.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Task, TaskEvent};
use crate::ids::ClaimId;

/// Cancel a task.
#[derive(Clone, Copy, Debug)]
pub struct Cancel {
    /// Why.
    pub reason: CancelReason,
    /// When.
    pub at: DateTime<Utc>,
}

/// A task was cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// Why.
    pub reason: CancelReason,
    /// The claims that ended with it, at most as many as the task had slots.
    pub claim_ids: Vec<ClaimId>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Why a task is cancelled.
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
pub enum CancelReason {
    /// It is no longer needed.
    NotNeeded,
    /// Not enough people came forward.
    TooFewPeople,
    /// The weather, an illness, a closed road.
    NotPossible,
    /// It would not be safe for whoever comes.
    NotSafe,
    /// It was entered by mistake.
    EntryError,
    /// Anything else.
    Other,
}

refusals! {
    /// Why a task is not cancelled.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// It is done or has expired.
        #[error("this task is closed")]
        NotOpen,
    }
}

/// Whether the task is cancelled.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Cancel) -> Result<Vec<TaskEvent>, Refusal> {
    match task {
        Task::Unknown => Err(Refusal::UnknownTask),
        Task::Cancelled(_) => Ok(vec![]),
        Task::Done(_) | Task::Expired(_) => Err(Refusal::NotOpen),
        Task::Open(work) => Ok(vec![
            Cancelled {
                reason: command.reason,
                claim_ids: work.live().map(|(id, _)| *id).collect(),
                at: command.at,
            }
            .into(),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::claims::ClaimStage;
    use crate::task::examples;

    #[test]
    fn the_claims_end_with_their_task() {
        let command = examples::cancel();
        let cancelled = Cancelled {
            reason: command.reason,
            claim_ids: vec![examples::claim().claim_id],
            at: command.at,
        };
        assert_eq!(
            decide(&examples::claimed(), &command),
            Ok(vec![cancelled.into()])
        );
        let task = examples::after([
            examples::create().into(),
            examples::claim().into(),
            command.into(),
        ]);
        let claim = task.work().expect("known").claims[&examples::claim().claim_id];
        assert_eq!(claim.stage, ClaimStage::CalledOff);
    }

    #[test]
    fn what_is_done_is_not_cancelled() {
        assert_eq!(
            decide(&examples::done(), &examples::cancel()),
            Err(Refusal::NotOpen)
        );
    }

    #[test]
    fn a_cancelled_task_stays_cancelled() {
        assert_eq!(
            decide(&examples::cancelled(), &examples::cancel()),
            Ok(vec![])
        );
    }
}
