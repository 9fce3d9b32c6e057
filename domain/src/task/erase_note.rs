//! The note of a task about which no person's key decides is given up, some time after its end.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Task, TaskEvent};

/// Erase the note of a task.
#[derive(Clone, Copy, Debug)]
pub struct EraseNote {
    /// When.
    pub at: DateTime<Utc>,
}

/// The note of a task was erased; its key is destroyed soon after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoteErased {
    /// When.
    pub at: DateTime<Utc>,
}

refusals! {
    /// Why the note is not erased.
    pub enum Refusal {
        /// No such task.
        #[error("there is no such task")]
        UnknownTask,
        /// Somebody may still come, and must read it.
        #[error("this task is open")]
        StillOpen,
    }
}

/// Whether the note is erased. Where a person's key seals it, it is that key that goes.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &EraseNote) -> Result<Vec<TaskEvent>, Refusal> {
    let work = task.work().ok_or(Refusal::UnknownTask)?;
    if task.ended_at().is_none() {
        return Err(Refusal::StillOpen);
    }
    if work.note_erased || work.created.note.is_none() {
        Ok(vec![])
    } else {
        Ok(vec![NoteErased { at: command.at }.into()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn the_note_of_a_task_that_ended_is_erased() {
        let command = examples::erase_note();
        let at = command.at;
        for ended in [examples::expired(), examples::done()] {
            assert_eq!(decide(&ended, &command), Ok(vec![NoteErased { at }.into()]));
        }
    }

    #[test]
    fn whoever_comes_reads_the_note_of_an_open_task() {
        assert_eq!(
            decide(&examples::claimed(), &examples::erase_note()),
            Err(Refusal::StillOpen)
        );
        assert_eq!(
            decide(&Task::Unknown, &examples::erase_note()),
            Err(Refusal::UnknownTask)
        );
    }

    #[test]
    fn an_erased_note_stays_erased() {
        assert_eq!(
            decide(&examples::note_erased(), &examples::erase_note()),
            Ok(vec![])
        );
    }
}
