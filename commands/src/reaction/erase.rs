//! What was erased is gone: the key is destroyed, and nobody is left waiting for the person.
//!
//! From the act on the vault neither seals nor opens under the key; this makes it final. A request
//! of somebody who cannot be reached any more is withdrawn and the work for it called off, and a
//! member whom nobody knows any more has left.

use std::sync::Arc;

use domain::envelope::Recorded;
use domain::ids::{HelpRequestId, MemberId, TaskId};
use domain::task::cancel::CancelReason;
use futures::future::BoxFuture;
use uuid::Uuid;

use super::cause::Cause;
use super::follow::Follow;
use super::ports::Checkpoints;
use super::{Reaction, concerns, issue};
use crate::executor::{Desk, Failure};
use crate::help_request::withdraw::Withdraw;
use crate::member::leave::Leave;
use crate::task::cancel::Cancel;

const NAME: &str = "erase";

/// The acts after which the key with the id of their stream is destroyed.
pub const ERASING: [&str; 3] = [
    "subject.erased",
    "help_request.texts_erased",
    "task.note_erased",
];

/// See the module.
pub struct Erase {
    follow: Follow,
}

impl Erase {
    /// A reaction that goes on from its checkpoint.
    pub fn new(checkpoints: Arc<dyn Checkpoints>) -> Self {
        Self {
            follow: Follow::new(NAME, checkpoints),
        }
    }
}

impl Reaction for Erase {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(self.follow.page(desk, |event| erased(desk, event)))
    }
}

async fn erased(desk: &Arc<Desk>, event: Recorded) -> Result<(), Failure> {
    let record = &event.record;
    if !ERASING.contains(&record.event_type.as_str()) {
        return Ok(());
    }
    let id = record.aggregate_id;
    desk.vault().destroy(id).await?;
    if record.event_type == "subject.erased" {
        let cause = Cause::of(&event);
        withdraw(desk, &record.network, id, cause).await?;
        leave(desk, &record.network, id, cause).await?;
    }
    Ok(())
}

/// Requests of nobody are withdrawn, and the work for them is called off.
async fn withdraw(
    desk: &Arc<Desk>,
    network: &str,
    subject: Uuid,
    cause: Cause,
) -> Result<(), Failure> {
    concerns::each(desk, subject, "help_request", move |request| async move {
        let help_request_id = HelpRequestId(request);
        let key = format!("{request}/erased");
        let act = Withdraw { help_request_id };
        let withdrawn = issue(desk, NAME, network, Some(cause), key, act).await;
        call_off(desk, network, request, cause).await?;
        withdrawn.map(|_| ())
    })
    .await
}

async fn call_off(
    desk: &Arc<Desk>,
    network: &str,
    request: Uuid,
    cause: Cause,
) -> Result<(), Failure> {
    concerns::each(desk, request, "task", move |task| async move {
        let act = Cancel {
            task_id: TaskId(task),
            reason: CancelReason::NotPossible,
        };
        let key = format!("{task}/erased");
        let cancelled = issue(desk, NAME, network, Some(cause), key, act).await;
        cancelled.map(|_| ())
    })
    .await
}

async fn leave(
    desk: &Arc<Desk>,
    network: &str,
    subject: Uuid,
    cause: Cause,
) -> Result<(), Failure> {
    concerns::each(desk, subject, "member", move |member| async move {
        let member_id = MemberId(member);
        let key = format!("{member}/erased");
        let act = Leave { member_id };
        let left = issue(desk, NAME, network, Some(cause), key, act).await;
        left.map(|_| ())
    })
    .await
}
