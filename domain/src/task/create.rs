//! A coordinator, an organisation or a requester asks for people for a piece of work.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{MAX_SLOTS, Task, TaskEvent};
use crate::help::{Category, Window};
use crate::ids::{HelpRequestId, OrganisationId};
use crate::sealed::{Audience, Sealed, SealedSpec};
use crate::text::{Label, Language, Name, Slug};

/// Create a task.
#[derive(Clone, Debug)]
pub struct Create {
    /// What will be recorded.
    pub created: Created,
    /// Whether the network has drawn the district.
    pub district_is_drawn: bool,
    /// Whether the request for help is open; true where none is named.
    pub help_request_is_open: bool,
    /// Whether the organisation takes part; true where none is named.
    pub organisation_takes_part: bool,
}

/// A task was created.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Created {
    /// The network.
    pub network: Slug,
    /// When.
    pub at: DateTime<Utc>,
    /// What is to be done, in one line. It stands in clear: it names work and never a person.
    pub title: Name,
    /// The language of the title and the note.
    pub language: Language,
    /// What kind of help.
    pub category: Category,
    /// The official code of the district.
    pub district_code: Label,
    /// When it is to be done.
    pub window: Window,
    /// How many people it needs, 1 to [`MAX_SLOTS`].
    pub slots: u32,
    /// The request for help that it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help_request: Option<HelpRequestId>,
    /// The organisation whose task it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationId>,
    /// What whoever comes has to know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Sealed>,
}

/// The sealed fields of [`Created`].
pub const SEALED: &[SealedSpec] = &[SealedSpec {
    event_type: "task.created",
    field: "note",
    audience: Audience::Involved,
}];

refusals! {
    /// Why a task is not created.
    pub enum Refusal {
        /// The id belongs to another task.
        #[error("a task with this id exists on other terms")]
        AlreadyCreated,
        /// The district is not the network's.
        #[error("the network has no such district")]
        UnknownDistrict,
        /// The request for help is closed, or there is none.
        #[error("there is no such open request for help")]
        UnknownRequest,
        /// The organisation has left, or there is none.
        #[error("the organisation does not take part in the network")]
        UnknownOrganisation,
        /// It would be over, empty or too long.
        #[error("a window lies ahead, has a length and is at most 366 days long")]
        Window,
        /// A task is for somebody.
        #[error("a task needs 1 to {MAX_SLOTS} people")]
        Slots,
    }
}

/// Whether the task is created.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(task: &Task, command: &Create) -> Result<Vec<TaskEvent>, Refusal> {
    let created = &command.created;
    match task.work() {
        Some(work) if work.created == *created => return Ok(vec![]),
        Some(_) => return Err(Refusal::AlreadyCreated),
        None => {}
    }
    if !created.window.is_within_bounds() || created.window.to <= created.at {
        return Err(Refusal::Window);
    }
    if !(1..=MAX_SLOTS).contains(&created.slots) {
        return Err(Refusal::Slots);
    }
    if !command.district_is_drawn {
        return Err(Refusal::UnknownDistrict);
    }
    if !command.help_request_is_open {
        return Err(Refusal::UnknownRequest);
    }
    if !command.organisation_takes_part {
        return Err(Refusal::UnknownOrganisation);
    }
    Ok(vec![created.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::task::examples;

    #[test]
    fn a_task_is_created() {
        let command = examples::create();
        assert_eq!(
            decide(&Task::Unknown, &command),
            Ok(vec![command.created.into()])
        );
    }

    #[test]
    fn a_task_needs_somebody_and_a_time_ahead() {
        let flawed = |change: fn(&mut Create)| {
            let mut command = examples::create();
            change(&mut command);
            decide(&Task::Unknown, &command)
        };
        assert_eq!(flawed(|c| c.created.slots = 0), Err(Refusal::Slots));
        assert_eq!(
            flawed(|c| c.created.slots = MAX_SLOTS + 1),
            Err(Refusal::Slots)
        );
        assert_eq!(
            flawed(|c| c.created.at = c.created.window.to),
            Err(Refusal::Window)
        );
        assert_eq!(
            flawed(|c| c.district_is_drawn = false),
            Err(Refusal::UnknownDistrict)
        );
        assert_eq!(
            flawed(|c| c.help_request_is_open = false),
            Err(Refusal::UnknownRequest)
        );
        assert_eq!(
            flawed(|c| c.organisation_takes_part = false),
            Err(Refusal::UnknownOrganisation)
        );
    }

    #[test]
    fn another_task_under_the_same_id_is_refused() {
        let mut other = examples::create();
        other.created.slots += 1;
        assert_eq!(
            decide(&examples::created(), &other),
            Err(Refusal::AlreadyCreated)
        );
    }

    #[test]
    fn the_same_task_again_changes_nothing() {
        assert_eq!(
            decide(&examples::created(), &examples::create()),
            Ok(vec![])
        );
    }
}
