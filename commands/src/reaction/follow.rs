//! Reads the log from where a reaction left it, a page at a time.

use std::sync::Arc;

use domain::envelope::Recorded;

use super::ports::{Checkpoint, Checkpoints};
use crate::executor::{Desk, Failure};
use crate::log::LogError;

/// How many events one step reads.
const PAGE: usize = 1_000;

/// How far a reaction has read.
pub(super) struct Follow {
    name: &'static str,
    checkpoints: Arc<dyn Checkpoints>,
}

impl Follow {
    /// From this reaction's checkpoint on.
    pub(super) fn new(name: &'static str, checkpoints: Arc<dyn Checkpoints>) -> Self {
        Self { name, checkpoints }
    }

    /// Deals with the next page, and says whether there may be more. What lies between the last
    /// checkpoint and a crash is done again.
    pub(super) async fn page<F>(
        &self,
        desk: &Arc<Desk>,
        deal_with: impl Fn(Recorded) -> F + Send + Sync,
    ) -> Result<bool, Failure>
    where
        F: Future<Output = Result<(), Failure>> + Send,
    {
        let known = self.checkpoints.load(self.name.to_owned()).await?;
        self.check_history(desk, known).await?;
        let after = known.map_or(0, |at| at.position);
        let events = desk.log().read(after, PAGE).await?;
        let Some(last) = events.last() else {
            return Ok(false);
        };
        let checkpoint = Checkpoint {
            position: last.position,
            leaf_hash: last.leaf_hash,
        };
        let more = events.len() == PAGE;
        for event in events {
            deal_with(event).await?;
        }
        self.checkpoints
            .save(self.name.to_owned(), checkpoint)
            .await?;
        Ok(more)
    }

    /// A log that was restored from a backup is noticed by the hash at the checkpoint.
    async fn check_history(
        &self,
        desk: &Arc<Desk>,
        known: Option<Checkpoint>,
    ) -> Result<(), Failure> {
        let Some(at) = known else { return Ok(()) };
        let there = desk.log().read(at.position - 1, 1).await?;
        if there
            .first()
            .is_some_and(|event| event.leaf_hash == at.leaf_hash)
        {
            return Ok(());
        }
        let why = format!(
            "{}: position {} is not what it was: the log was restored",
            self.name, at.position
        );
        Err(LogError::Broken(why).into())
    }
}
