//! The sealer: extends the tree from the log and signs its head, as long as it leads and the log
//! still has what was sealed.
//!
//! It keeps nothing in memory between two steps: each begins with the stored checkpoint, checks it
//! against the stored tree and the log, and ends with one transaction. So it may be stopped
//! anywhere, and two that overlap sign the same tree, of which one is kept.

use std::sync::Arc;
use std::time::Duration;

use domain::envelope::Recorded;
use domain::evidence::checkpoint::CheckpointError;
use domain::evidence::tile::Tiles;
use domain::evidence::tree::Hash;
use tokio::sync::watch;

use super::key::LogKey;
use super::ports::{Seals, SignedCheckpoint};
use super::proofs;
use crate::log::{EventLog, LogError};
use crate::reaction::ports::{Lead, Leadership};

/// The most events between two checkpoints.
pub const BATCH: usize = 1_000;
/// The least time between two checkpoints while fewer events than a batch wait.
const PAUSE: Duration = Duration::from_secs(1);
/// How long it waits before it looks again when it may not go on.
const STOPPED: Duration = Duration::from_secs(5);
/// The name under which one process leads.
const LEADER: &str = "sealer";

/// How far the history is sealed, for probes, metrics and the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealerStatus {
    /// How many events the last checkpoint covers; 0 while that is not known.
    pub size: u64,
    /// What the sealer does.
    pub state: SealerState,
}

/// What a sealer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SealerState {
    /// Another process leads.
    Standby,
    /// It leads and seals.
    Sealing,
    /// The log or the store does not answer.
    Away {
        /// For the operator.
        why: String,
    },
    /// It may not sign before somebody has looked. It looks again from time to time.
    Stopped(Trouble),
}

/// Why the sealer may not sign: what it would sign does not follow on what it signed before.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The stored checkpoint is not one that this key signed.
    #[error("the stored checkpoint of {size} events is not this log's: {why}")]
    Checkpoint {
        /// How many events it covers.
        size: u64,
        /// What is wrong with it.
        why: CheckpointError,
    },
    /// The stored tiles are not the tree that was signed.
    #[error("the stored tiles do not lead to the root that was signed at {size} events")]
    Tree {
        /// How many events were sealed.
        size: u64,
    },
    /// The log lacks events that were sealed: a backup was restored, or its tail was cut off.
    #[error(
        "the log holds {head} events, but {size} were sealed: it was cut off, or restored from an \
         older backup; position {position} is the first that differs"
    )]
    Shorter {
        /// The log's last position.
        head: i64,
        /// How many events were sealed.
        size: u64,
        /// The first position at which the log and the tree differ.
        position: i64,
    },
    /// The log has other events than were sealed.
    #[error(
        "the log is not the one of which {size} events were sealed; position {position} is the \
         first that differs"
    )]
    Other {
        /// How many events were sealed.
        size: u64,
        /// The first position at which the log and the tree differ.
        position: i64,
    },
    /// An event that is not sealed yet has no place or another hash than is stored with it.
    #[error("the event at position {position} is missing or was changed after it was appended")]
    Event {
        /// Its position.
        position: i64,
    },
}

/// Why a step did nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// It may not go on.
    #[error(transparent)]
    Trouble(#[from] Trouble),
    /// The log or the store does not answer.
    #[error(transparent)]
    Away(#[from] LogError),
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// There is nothing new.
    Idle,
    /// It signed a checkpoint, and all that there was is sealed.
    Sealed,
    /// There may be more, or another process was faster.
    More,
}

/// Seals one log.
pub struct Sealer {
    log: Arc<dyn EventLog>,
    seals: Arc<dyn Seals>,
    leadership: Arc<dyn Leadership>,
    key: LogKey,
    status: watch::Sender<SealerStatus>,
}

impl Sealer {
    /// A sealer that does nothing before [`Sealer::run`].
    #[must_use]
    pub fn new(
        log: Arc<dyn EventLog>,
        seals: Arc<dyn Seals>,
        leadership: Arc<dyn Leadership>,
        key: LogKey,
    ) -> Self {
        let (status, _) = watch::channel(SealerStatus {
            size: 0,
            state: SealerState::Standby,
        });
        Self {
            log,
            seals,
            leadership,
            key,
            status,
        }
    }

    /// What it does, from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<SealerStatus> {
        self.status.subscribe()
    }

    /// Seals until `stop` says so; a last batch of what was appended by then is sealed at the end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut changes = self.log.changes();
        let mut lead: Option<Box<dyn Lead>> = None;
        while !*stop.borrow_and_update() {
            changes.mark_unchanged();
            let wait = if self.leads(&mut lead).await {
                self.go_on().await
            } else {
                Wait::Always(PAUSE)
            };
            tokio::select! {
                () = wait.until(&mut changes) => {}
                _ = stop.changed() => {}
            }
        }
        if self.leads(&mut lead).await {
            self.go_on().await;
        }
    }

    async fn leads(&self, lead: &mut Option<Box<dyn Lead>>) -> bool {
        if let Some(held) = lead
            && held.still_held().await
        {
            return true;
        }
        match self.leadership.try_lead(LEADER.to_owned()).await {
            Ok(answer) => {
                *lead = answer;
                if lead.is_none() {
                    self.enter(SealerState::Standby);
                }
            }
            Err(error) => self.enter(SealerState::Away {
                why: error.to_string(),
            }),
        }
        lead.is_some()
    }

    /// One step, and how long to wait for the next.
    async fn go_on(&self) -> Wait {
        let (state, wait) = match self.step().await {
            Ok(Step::More) => (SealerState::Sealing, Wait::Not),
            Ok(Step::Sealed) => (SealerState::Sealing, Wait::Always(PAUSE)),
            Ok(Step::Idle) => (SealerState::Sealing, Wait::Quiet),
            Err(Halt::Trouble(trouble)) => (SealerState::Stopped(trouble), Wait::Always(STOPPED)),
            Err(Halt::Away(error)) => {
                let why = error.to_string();
                (SealerState::Away { why }, Wait::Always(PAUSE))
            }
        };
        self.enter(state);
        wait
    }

    fn enter(&self, state: SealerState) {
        if self.status.borrow().state == state {
            return;
        }
        match &state {
            SealerState::Standby | SealerState::Sealing => tracing::info!(?state, "the sealer"),
            SealerState::Away { why } => tracing::warn!(%why, "the sealer waits"),
            SealerState::Stopped(trouble) => tracing::error!(
                %trouble,
                "the sealer stopped: it signs nothing that does not follow on what it signed"
            ),
        }
        self.status.send_modify(|status| status.state = state);
    }

    fn reached(&self, size: u64) {
        self.status.send_if_modified(|status| {
            let moved = status.size != size;
            status.size = size;
            moved
        });
    }

    /// Checks what was sealed, and seals one batch.
    ///
    /// # Errors
    /// If it may not sign, or the log or the store does not answer.
    pub async fn step(&self) -> Result<Step, Halt> {
        let (size, mut tiles) = self.resume().await?;
        let mut page = self.follows(size).await?;
        let sealed = i64::try_from(size).unwrap_or(i64::MAX);
        self.reached(size);
        page.truncate(BATCH);
        if page.is_empty() {
            return Ok(Step::Idle);
        }
        let more = page.len() == BATCH;
        for (position, event) in (sealed + 1..).zip(&page) {
            let leaf = event.record.leaf_hash(self.log.log_id());
            if event.position != position || event.leaf_hash != leaf {
                return Err(Trouble::Event { position }.into());
            }
            tiles.push(leaf);
        }
        let checkpoint = self.key.sign(tiles.size(), tiles.root());
        let saved = self
            .seals
            .save(size, tiles.take_changed(size), checkpoint)
            .await?;
        if saved {
            self.reached(tiles.size());
        }
        Ok(if more || !saved {
            Step::More
        } else {
            Step::Sealed
        })
    }

    /// Checks what was sealed and changes nothing; answers with how many events that is.
    ///
    /// # Errors
    /// If nothing may be signed, or the log or the store does not answer.
    pub async fn check(&self) -> Result<u64, Halt> {
        let (size, _) = self.resume().await?;
        self.follows(size).await.map(|_| size)
    }

    /// What follows in the log on the last event that was sealed, which must still be there.
    async fn follows(&self, size: u64) -> Result<Vec<Recorded>, Halt> {
        let before = i64::try_from(size.saturating_sub(1)).unwrap_or(i64::MAX);
        let mut page = self.log.read(before, BATCH + 1).await?;
        if size > 0 {
            let last = (!page.is_empty()).then(|| page.remove(0));
            self.must_have(size, last.as_ref()).await?;
        }
        Ok(page)
    }

    /// The tree as it was signed last.
    async fn resume(&self) -> Result<(u64, Tiles), Halt> {
        let Some(last) = self.seals.last().await? else {
            return Ok((0, Tiles::default()));
        };
        let size = last.size;
        let checked = self.key.check(&last);
        checked.map_err(|why| Trouble::Checkpoint { size, why })?;
        let tiles = stored_tree(&*self.seals, &last).await?;
        Ok((size, tiles.ok_or(Trouble::Tree { size })?))
    }

    /// The log must still have the last event that was sealed, and it must be what it was.
    async fn must_have(&self, size: u64, event: Option<&Recorded>) -> Result<(), Halt> {
        let sealed = proofs::leaf(&*self.seals, size - 1).await?;
        let sealed = sealed.ok_or(Trouble::Tree { size })?;
        let position = i64::try_from(size).unwrap_or(i64::MAX);
        if event.is_some_and(|event| self.is(event, position, sealed)) {
            return Ok(());
        }
        let position = self.first_difference(size).await?;
        let head = self.log.head().await?;
        if head.unsigned_abs() < size {
            return Err(Trouble::Shorter {
                head,
                size,
                position,
            }
            .into());
        }
        Err(Trouble::Other { size, position }.into())
    }

    fn is(&self, event: &Recorded, position: i64, sealed: Hash) -> bool {
        event.position == position
            && event.leaf_hash == sealed
            && event.record.leaf_hash(self.log.log_id()) == sealed
    }

    /// A log that was restored and went on has a common beginning with what was sealed and never
    /// meets it again, so that halving finds where they part.
    async fn first_difference(&self, size: u64) -> Result<i64, Halt> {
        let (mut same, mut different) = (0, size);
        while different - same > 1 {
            let middle = same + (different - same) / 2;
            let sealed = proofs::leaf(&*self.seals, middle - 1).await?;
            let sealed = sealed.ok_or(Trouble::Tree { size })?;
            let position = i64::try_from(middle).unwrap_or(i64::MAX);
            let page = self.log.read(position - 1, 1).await?;
            if page
                .first()
                .is_some_and(|event| self.is(event, position, sealed))
            {
                same = middle;
            } else {
                different = middle;
            }
        }
        Ok(i64::try_from(different).unwrap_or(i64::MAX))
    }
}

/// The stored tree of a checkpoint; `None` if the tiles do not lead to its root.
///
/// # Errors
/// If the store is away.
pub async fn stored_tree(
    seals: &dyn Seals,
    checkpoint: &SignedCheckpoint,
) -> Result<Option<Tiles>, LogError> {
    let open = Tiles::open_at(checkpoint.size).map(|id| (id.level, id.index));
    let stored = seals.tiles(open.collect()).await?;
    let tiles = Tiles::resume(checkpoint.size, &stored);
    Ok(tiles.filter(|tiles| tiles.root() == checkpoint.root))
}

/// How long to wait for the next look.
enum Wait {
    /// There is more.
    Not,
    /// Until something is appended, or a while.
    Quiet,
    /// This long, whatever happens.
    Always(Duration),
}

impl Wait {
    async fn until(self, changes: &mut watch::Receiver<i64>) {
        match self {
            Self::Not => {}
            Self::Always(pause) => tokio::time::sleep(pause).await,
            Self::Quiet => {
                let _ = tokio::time::timeout(PAUSE, changes.changed()).await;
            }
        }
    }
}
