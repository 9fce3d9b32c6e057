//! The window of a task is over, nobody is at it, and not all of it was done.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Task, TaskEvent};

/// Expire a task.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// When.
    pub at: DateTime<Utc>,
}

/// A task expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// When.
    pub at: DateTime<Utc>,
    /// How many of its slots nobody had filled.
    pub unfilled_slots: u32,
}

refusals! {
    /// Why a task does not expire.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// It is done or was cancelled.
        #[error("this task is closed")]
        NotOpen,
        /// Somebody is at it; the claim lapses first.
        #[error("somebody has taken this on")]
        AlreadyClaimed,
        /// It expires later.
        #[error("this task has not expired yet")]
        NotExpired {
            /// When it will.
            expires_at: DateTime<Utc>
        },
    }
}

/// Whether the task expires.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Expire) -> Result<Vec<TaskEvent>, Refusal> {
    let work = match task {
        Task::Unknown => return Err(Refusal::UnknownTask),
        Task::Expired(_) => return Ok(vec![]),
        Task::Done(_) | Task::Cancelled(_) => return Err(Refusal::NotOpen),
        Task::Open(work) => work,
    };
    let expires_at = work.created.window.to;
    if command.at < expires_at {
        return Err(Refusal::NotExpired { expires_at });
    }
    if work.live().next().is_some() {
        return Err(Refusal::AlreadyClaimed);
    }
    Ok(vec![
        Expired {
            at: command.at,
            unfilled_slots: work.free_slots(),
        }
        .into(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn a_task_expires_with_its_window_and_not_before() {
        let at = examples::create().created.window.to;
        let expired = Expired {
            at,
            unfilled_slots: 2,
        };
        assert_eq!(
            decide(&examples::created(), &Expire { at }),
            Ok(vec![expired.into()])
        );
        let early = Expire {
            at: at - chrono::TimeDelta::microseconds(1),
        };
        assert_eq!(
            decide(&examples::created(), &early),
            Err(Refusal::NotExpired { expires_at: at })
        );
    }

    #[test]
    fn what_somebody_is_at_or_is_done_does_not_expire() {
        assert_eq!(
            decide(&examples::claimed(), &examples::expire()),
            Err(Refusal::AlreadyClaimed)
        );
        assert_eq!(
            decide(&examples::done(), &examples::expire()),
            Err(Refusal::NotOpen)
        );
    }

    #[test]
    fn an_expired_task_stays_expired() {
        assert_eq!(
            decide(&examples::expired(), &examples::expire()),
            Ok(vec![])
        );
    }
}
