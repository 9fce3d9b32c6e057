//! After a person was erased the key of their texts is destroyed.
//!
//! From the act on the vault neither seals nor opens under the key; this makes it final.

use std::sync::Arc;

use domain::Event;
use domain::envelope::Recorded;
use domain::event::Act;
use domain::subject::SubjectEvent;
use futures::future::BoxFuture;

use super::Reaction;
use super::ports::{Checkpoint, Checkpoints};
use crate::executor::{Desk, Failure};
use crate::log::LogError;

const NAME: &str = "erase";
/// How many events one step reads.
const PAGE: usize = 1_000;

/// See the module.
pub struct Erase {
    checkpoints: Arc<dyn Checkpoints>,
}

impl Erase {
    /// A reaction that goes on from its checkpoint.
    pub fn new(checkpoints: Arc<dyn Checkpoints>) -> Self {
        Self { checkpoints }
    }

    async fn page(&self, desk: &Arc<Desk>) -> Result<bool, Failure> {
        let known = self.checkpoints.load(NAME.to_owned()).await?;
        check_history(desk, known).await?;
        let events = desk
            .log()
            .read(known.map_or(0, |at| at.position), PAGE)
            .await?;
        let Some(last) = events.last() else {
            return Ok(false);
        };
        for event in &events {
            destroy(desk, event).await?;
        }
        let checkpoint = Checkpoint {
            position: last.position,
            leaf_hash: last.leaf_hash,
        };
        self.checkpoints.save(NAME.to_owned(), checkpoint).await?;
        Ok(events.len() == PAGE)
    }
}

impl Reaction for Erase {
    fn name(&self) -> &'static str {
        NAME
    }

    fn step<'a>(&'a self, desk: &'a Arc<Desk>) -> BoxFuture<'a, Result<bool, Failure>> {
        Box::pin(self.page(desk))
    }
}

/// A log that was restored from a backup is noticed by the hash at the checkpoint.
async fn check_history(desk: &Arc<Desk>, known: Option<Checkpoint>) -> Result<(), Failure> {
    let Some(at) = known else { return Ok(()) };
    let there = desk.log().read(at.position - 1, 1).await?;
    if there
        .first()
        .is_some_and(|event| event.leaf_hash == at.leaf_hash)
    {
        return Ok(());
    }
    let why = format!(
        "{NAME}: position {} is not what it was: the log was restored",
        at.position
    );
    Err(LogError::Broken(why).into())
}

async fn destroy(desk: &Arc<Desk>, event: &Recorded) -> Result<(), Failure> {
    if event.record.event_type != "subject.erased" {
        return Ok(());
    }
    let act = Act::read(event).map_err(|error| LogError::Broken(error.to_string()))?;
    if matches!(act.event, Event::Subject(SubjectEvent::Erased(_))) {
        desk.vault().destroy(act.aggregate_id).await?;
    }
    Ok(())
}
