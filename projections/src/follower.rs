//! One read model on its way along the log, and the pages in which it takes it.

use std::sync::Arc;

use domain::envelope::Recorded;
use domain::event::Act;

use crate::applying::apply;
use crate::fold::{Fold, Model};
use crate::log::Log;
use crate::rows::Rows;
use crate::store::{Checkpoint, Copy, ReadStore, StoreError};

/// The most events of one page, and so of one transaction of a read model.
pub const PAGE: usize = 2_000;
/// The most rows that one read model keeps in memory between pages.
const MOST_ROWS: usize = 20_000;

/// How a read model stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It follows the log.
    Following,
    /// It has no copy of its version yet: one is being built, and until then it answers nobody.
    Building,
    /// Its tables did not give or take what they should, or it could not be built: it tries again, and the
    /// others go on.
    Held {
        /// What they said, for the operator.
        why: String,
    },
    /// It stopped at an act that it cannot apply; the others go on.
    Stopped {
        /// The position of the act.
        position: i64,
        /// What is wrong, for the operator.
        why: String,
    },
}

/// One read model on its way along the log.
pub struct Follower {
    fold: Arc<dyn Fold>,
    copy: Copy,
    checkpoint: Checkpoint,
    rows: Rows,
    state: State,
}

/// A page of the log, read and decoded once for all read models.
pub struct Page {
    /// The events.
    pub recorded: Vec<Recorded>,
    /// The same, decoded; ends before the first that cannot be read.
    pub acts: Vec<Act>,
    /// The position and the reason where decoding ended early.
    pub unreadable: Option<(i64, String)>,
}

impl Page {
    /// Decodes events.
    #[must_use]
    pub fn of(recorded: Vec<Recorded>) -> Self {
        let mut acts = Vec::with_capacity(recorded.len());
        let mut unreadable = None;
        for event in &recorded {
            match Act::read(event) {
                Ok(act) => acts.push(act),
                Err(error) => {
                    unreadable = Some((error.position, error.to_string()));
                    break;
                }
            }
        }
        Self {
            recorded,
            acts,
            unreadable,
        }
    }
}

impl Follower {
    /// A read model that goes on from where its copy stands.
    ///
    /// # Errors
    /// If the store is away, or the copy belongs to another log or to another history of it.
    pub async fn resume(
        fold: Arc<dyn Fold>,
        copy: Copy,
        store: &dyn ReadStore,
        log: &dyn Log,
    ) -> Result<Self, StoreError> {
        let checkpoint = store.checkpoint(copy.clone()).await?;
        check_history(&checkpoint, log, fold.name()).await?;
        Ok(Self {
            fold,
            copy,
            checkpoint,
            rows: Rows::default(),
            state: State::Following,
        })
    }

    /// Its read model.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.fold.name()
    }

    /// Where it stands.
    #[must_use]
    pub fn position(&self) -> i64 {
        self.checkpoint.position
    }

    /// Its copy.
    #[must_use]
    pub fn copy(&self) -> &Copy {
        &self.copy
    }

    /// How it stands.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Folds in what of the page is new to it.
    ///
    /// # Errors
    /// If the store is away. An act that cannot be applied is no error: it stops this read model.
    pub async fn follow(
        &mut self,
        page: &Page,
        log: &dyn Log,
        store: &dyn ReadStore,
    ) -> Result<(), StoreError> {
        // The page begins where this one was thought to be.
        if matches!(self.state, State::Held { .. }) && !self.is_where_it_was(store).await? {
            return Ok(());
        }
        let followed = self.fold_in(page, log, store).await;
        if let Err(error) = &followed {
            // What is in memory is ahead of what is stored: the same acts would count twice.
            self.rows = Rows::default();
            let why = error.to_string();
            self.state = State::Held { why };
        }
        followed
    }

    /// Whether the copy has the checkpoint that it is thought to have. A database that crashed may
    /// have lost the last pages, as a read model may: then it goes on from where the copy is.
    async fn is_where_it_was(&mut self, store: &dyn ReadStore) -> Result<bool, StoreError> {
        let stored = store.checkpoint(self.copy.clone()).await?;
        let same = stored.position == self.checkpoint.position;
        if !same {
            self.rows = Rows::default();
        }
        self.checkpoint = stored;
        self.state = State::Following;
        Ok(same)
    }

    async fn fold_in(
        &mut self,
        page: &Page,
        log: &dyn Log,
        store: &dyn ReadStore,
    ) -> Result<(), StoreError> {
        let first = page
            .acts
            .partition_point(|act| act.position <= self.checkpoint.position);
        let acts = &page.acts[first..];
        let (fold, copy) = (&*self.fold, &self.copy);
        let applied = apply(fold, copy, acts, &mut self.rows, store).await?;
        if let Some((position, why)) = applied.broken {
            // What it asked for may be missing because its copy is not where it was.
            if !self.is_where_it_was(store).await? {
                return Ok(());
            }
            self.state = State::Stopped { position, why };
        }
        if let Some(last) = applied.count.checked_sub(1) {
            self.save(&page.recorded[first + last], log, store).await?;
        }
        if let (State::Following, Some((position, why))) = (&self.state, &page.unreadable) {
            self.state = State::Stopped {
                position: *position,
                why: why.clone(),
            };
        }
        Ok(())
    }

    /// Goes over to the copy that queries see, if another process has put one in place of its own;
    /// says whether it did. A copy of another version is left to whoever made it.
    pub(crate) async fn go_over(&mut self, store: &dyn ReadStore) -> Result<bool, StoreError> {
        let Model { name, version } = self.fold.model();
        let live = store.live(name).await?;
        let Some((live, made_by)) = live.filter(|(live, _)| *live != self.copy) else {
            return Ok(false);
        };
        self.checkpoint = store.checkpoint(live.clone()).await?;
        self.copy = live;
        self.rows = Rows::default();
        self.state = State::Following;
        if made_by != version {
            let why = format!("another program built it anew in version {made_by}: restart this");
            self.state = State::Stopped {
                position: self.checkpoint.position,
                why,
            };
        }
        Ok(true)
    }

    async fn save(
        &mut self,
        last: &Recorded,
        log: &dyn Log,
        store: &dyn ReadStore,
    ) -> Result<(), StoreError> {
        let next = Checkpoint::of(log.log_id(), last);
        let changes = self.rows.changes()?;
        let from = self.checkpoint.position;
        if store
            .save(self.copy.clone(), from, next.clone(), changes)
            .await?
        {
            self.checkpoint = next;
            self.rows.clean(MOST_ROWS);
        } else {
            // Another projector was faster: go on from where it left the copy.
            self.rows = Rows::default();
            self.checkpoint = store.checkpoint(self.copy.clone()).await?;
        }
        Ok(())
    }
}

/// Whether a checkpoint belongs to this log and this history of it.
async fn check_history(at: &Checkpoint, log: &dyn Log, name: &str) -> Result<(), StoreError> {
    if at.position == 0 {
        return Ok(());
    }
    let known = log.read(at.position - 1, 1).await?;
    let same = known.first().is_some_and(|event| {
        event.position == at.position && hex::encode(event.leaf_hash) == at.leaf_hash
    });
    if same && at.log_id == log.log_id() {
        return Ok(());
    }
    let position = at.position;
    Err(StoreError::Broken(format!(
        "{name} was built from another history: position {position} is not what it was; rebuild it"
    )))
}
