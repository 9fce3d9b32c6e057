//! A read model on its way from the first act, in a copy that nobody sees yet.
//!
//! Because nobody sees it, its rows stay in memory while acts change them, and are written once, when
//! they have not been touched for a while and room is needed, or at the end; and because it began
//! empty, a row that was never written need not be asked for. The checkpoint comes with the last
//! rows: a copy that was left halfway stands at the beginning.

use std::sync::Arc;

use domain::envelope::Recorded;
use uuid::Uuid;

use crate::applying::apply;
use crate::fold::Fold;
use crate::follower::Page;
use crate::rows::Rows;
use crate::store::{Change, Checkpoint, Copy, ReadStore, StoreError};

/// Rows are written an eighth at a time: what is on its way to the store takes as much memory again as the
/// rows that it was made of.
const PARTS: usize = 8;

/// How much of a long history is in memory at once.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How many events are read at once.
    pub page: usize,
    /// The most rows that one read model keeps between two pages.
    pub most_rows: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            page: 5_000,
            most_rows: 32_000,
        }
    }
}

impl Pace {
    /// For one of so many read models that are built side by side: from three on they share what three
    /// may have in memory.
    pub(crate) fn of_one_in(many: usize) -> Self {
        let alone = Self::default();
        Self {
            most_rows: (3 * alone.most_rows / many.max(3)).max(PARTS),
            ..alone
        }
    }
}

/// A read model that is being built.
pub(crate) struct Builder {
    fold: Arc<dyn Fold>,
    copy: Copy,
    rows: Rows,
    most_rows: usize,
    last: Option<Recorded>,
}

impl Builder {
    /// In this copy, which is empty.
    pub fn new(fold: Arc<dyn Fold>, copy: Copy, pace: Pace) -> Self {
        Self {
            fold,
            copy,
            rows: Rows::of_nothing(),
            most_rows: pace.most_rows,
            last: None,
        }
    }

    /// The last position that is folded in.
    pub fn position(&self) -> i64 {
        self.last.as_ref().map_or(0, |last| last.position)
    }

    /// Folds a page in, which follows on from the last one.
    ///
    /// # Errors
    /// If the store is away, or an act cannot be read or applied.
    pub async fn take(&mut self, page: &Page, store: &dyn ReadStore) -> Result<(), StoreError> {
        self.rows.grow_older();
        let (fold, copy) = (&*self.fold, &self.copy);
        let applied = apply(fold, copy, &page.acts, &mut self.rows, store).await?;
        if let Some((position, why)) = applied.broken.as_ref().or(page.unreadable.as_ref()) {
            return Err(StoreError::Broken(format!("position {position}: {why}")));
        }
        self.last = page.recorded.last().cloned().or(self.last.take());
        if self.rows.len() > self.most_rows {
            self.spill(self.most_rows - self.most_rows / PARTS, store)
                .await?;
        }
        Ok(())
    }

    /// Writes the rows that were not touched for longest, until at most `most` are in memory.
    async fn spill(&mut self, most: usize, store: &dyn ReadStore) -> Result<(), StoreError> {
        let changes = self.rows.spill(most)?;
        self.save(Checkpoint::start(), changes, store).await
    }

    /// Writes all that was not written yet, and where it stands.
    ///
    /// # Errors
    /// If the store is away.
    pub async fn finish(mut self, log_id: Uuid, store: &dyn ReadStore) -> Result<Copy, StoreError> {
        if let Some(last) = self.last.take() {
            let part = self.most_rows / PARTS;
            let mut before = usize::MAX;
            while self.rows.len() > part && self.rows.len() < before {
                before = self.rows.len();
                self.spill(before - part, store).await?;
            }
            let at = Checkpoint::of(log_id, &last);
            let changes = self.rows.spill(0)?;
            self.save(at, changes, store).await?;
        }
        Ok(self.copy)
    }

    async fn save(
        &mut self,
        at: Checkpoint,
        changes: Vec<Change>,
        store: &dyn ReadStore,
    ) -> Result<(), StoreError> {
        if store.save(self.copy.clone(), 0, at, changes).await? {
            return Ok(());
        }
        let name = self.fold.name();
        Err(StoreError::Broken(format!(
            "somebody else writes into the copy of {name} that is being built"
        )))
    }
}
