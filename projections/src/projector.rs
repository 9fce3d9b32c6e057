//! The projector: follows the log and keeps every read model up to date.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::envelope::Recorded;
use domain::event::Act;
use tokio::sync::watch;

use crate::applying::apply;
use crate::fold::Fold;
use crate::log::Log;
use crate::rows::Rows;
use crate::store::{Checkpoint, Copy, ReadStore, StoreError};

/// The most events of one page, and so of one transaction of a read model.
pub const PAGE: usize = 2_000;
/// The most rows that one read model keeps in memory between pages.
const MOST_ROWS: usize = 20_000;
/// How long the projector sleeps when nothing wakes it.
const POLL: Duration = Duration::from_secs(1);

/// How a read model stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// It follows the log.
    Following,
    /// Its tables did not give or take what they should: it tries again, and the others go on.
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
    async fn go_over(&mut self, store: &dyn ReadStore) -> Result<bool, StoreError> {
        let (name, version) = (self.fold.name(), self.fold.version());
        let (live, made_by) = store.live(name, version, self.fold.tables()).await?;
        if live == self.copy {
            return Ok(false);
        }
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

/// Where every read model stands, for those who wait for a position and for the health page.
#[derive(Clone)]
pub struct Progress(
    Arc<Mutex<BTreeMap<&'static str, (i64, State)>>>,
    watch::Sender<u64>,
);

impl Default for Progress {
    fn default() -> Self {
        Self(Arc::default(), watch::Sender::new(0))
    }
}

impl Progress {
    /// All read models with their position and state.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, i64, State)> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter()
            .map(|(name, (position, state))| (*name, *position, state.clone()))
            .collect()
    }

    /// Wakes whenever any read model moved.
    #[must_use]
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.1.subscribe()
    }

    /// Waits until every read model that follows has reached a position.
    ///
    /// # Errors
    /// If one stopped, or it takes longer than `wait`.
    pub async fn reach(&self, position: i64, wait: Duration) -> Result<(), StoreError> {
        let mut moved = self.moved();
        let reached = async {
            loop {
                let all = self.all();
                for (name, at, state) in &all {
                    if let State::Stopped { position, why } = state {
                        let why = format!("{name} stopped at {position} (it is at {at}): {why}");
                        return Err(StoreError::Broken(why));
                    }
                }
                if all.iter().all(|(_, at, _)| *at >= position) {
                    return Ok(());
                }
                let _ = moved.changed().await;
            }
        };
        tokio::time::timeout(wait, reached)
            .await
            .map_err(StoreError::broken)?
    }

    fn note(&self, follower: &Follower) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(
            follower.fold.name(),
            (follower.position(), follower.state.clone()),
        );
        drop(all);
        self.1.send_modify(|count| *count += 1);
    }
}

/// Follows the log with all read models.
pub struct Projector {
    log: Arc<dyn Log>,
    store: Arc<dyn ReadStore>,
    folds: Vec<Arc<dyn Fold>>,
    followers: Vec<Follower>,
    progress: Progress,
    /// When those that are held were last tried.
    tried: Instant,
}

impl Projector {
    /// A projector of these read models. One whose fold changed since its copy was made is built
    /// anew first, beside the old copy, which goes on answering until then.
    ///
    /// # Errors
    /// If the log or the store is away, or a copy was built from another history.
    pub async fn start(
        log: Arc<dyn Log>,
        store: Arc<dyn ReadStore>,
        folds: Vec<Arc<dyn Fold>>,
        progress: Progress,
    ) -> Result<Self, StoreError> {
        let mut outdated = Vec::new();
        for fold in &folds {
            let live = store.live(fold.name(), fold.version(), fold.tables());
            let (_, made_by) = live.await?;
            if made_by != fold.version() {
                outdated.push(Arc::clone(fold));
            }
        }
        if !outdated.is_empty() {
            crate::rebuild::rebuild(&outdated, &log, &store, |_, _| ()).await?;
        }
        let mut followers = Vec::with_capacity(folds.len());
        for fold in &folds {
            let live = store.live(fold.name(), fold.version(), fold.tables());
            let (copy, _) = live.await?;
            let follower = Follower::resume(Arc::clone(fold), copy, &*store, &*log).await?;
            progress.note(&follower);
            followers.push(follower);
        }
        Ok(Self {
            log,
            store,
            folds,
            followers,
            progress,
            tried: Instant::now(),
        })
    }

    /// Folds one page in; says whether there was anything new.
    ///
    /// # Errors
    /// If the log or the store is away; calling again goes on from where it was.
    pub async fn step(&mut self) -> Result<bool, StoreError> {
        let following = |follower: &Follower| follower.state == State::Following;
        // Under load the others always have something to do.
        let due = self.tried.elapsed() >= POLL;
        if !due && self.fold_in(following).await? {
            return Ok(true);
        }
        // Each by itself, so that it holds nobody back.
        self.tried = Instant::now();
        let held = |follower: &&Follower| matches!(follower.state, State::Held { .. });
        let held = self.followers.iter().filter(held);
        let held: Vec<_> = held.map(|follower| follower.fold.name()).collect();
        let (mut moved, mut failed) = (false, None);
        for name in held {
            match self.fold_in(|follower| follower.fold.name() == name).await {
                Ok(one) => moved |= one,
                Err(error) => failed = Some(error),
            }
        }
        if due {
            moved |= self.fold_in(following).await?;
        }
        match failed {
            Some(error) if !moved => Err(error),
            Some(_) | None => Ok(moved),
        }
    }

    /// Folds the next page in for some of the read models.
    async fn fold_in(&mut self, which: impl Fn(&Follower) -> bool) -> Result<bool, StoreError> {
        let some = self.followers.iter().filter(|follower| which(follower));
        let Some(from) = some.map(Follower::position).min() else {
            return Ok(false);
        };
        let page = Page::of(self.log.read(from, PAGE).await?);
        if page.recorded.is_empty() {
            return Ok(false);
        }
        let (log, store, progress) = (&*self.log, &*self.store, &self.progress);
        let some = self.followers.iter_mut().filter(|follower| which(follower));
        let each = some.map(|follower| async {
            let followed = match follower.follow(&page, log, store).await {
                // Its tables may be gone because another process has built it anew.
                Err(error) => match follower.go_over(store).await {
                    Ok(true) => Ok(()),
                    Ok(false) | Err(_) => Err(error),
                },
                Ok(()) => Ok(()),
            };
            progress.note(follower);
            followed
        });
        futures::future::join_all(each)
            .await
            .into_iter()
            .collect::<Result<(), _>>()?;
        Ok(true)
    }

    /// Folds in all that there is now.
    ///
    /// # Errors
    /// As [`Projector::step`].
    pub async fn catch_up(&mut self) -> Result<(), StoreError> {
        while self.step().await? {}
        Ok(())
    }

    /// Follows the log until `stop` says so. While a database is away it waits and tries again.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut changes = self.log.changes();
        while !*stop.borrow_and_update() {
            changes.mark_unchanged();
            match self.step().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the projector waits"),
            }
            tokio::select! {
                _ = changes.changed() => {}
                _ = stop.changed() => {}
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }

    /// The folds that it runs.
    #[must_use]
    pub fn folds(&self) -> &[Arc<dyn Fold>] {
        &self.folds
    }
}
