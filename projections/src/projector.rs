//! The projector: follows the log and keeps every read model up to date.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};

use crate::fold::{Fold, Model};
use crate::follower::{Follower, PAGE, Page, State};
use crate::log::Log;
use crate::progress::Progress;
use crate::rebuild::rebuild;
use crate::store::{Copy, ReadStore, StoreError};

/// How long the projector sleeps when nothing wakes it.
const POLL: Duration = Duration::from_secs(1);
/// A log with more events than this is folded in anew while others are served; a shorter one before.
const SHORT: i64 = 5_000;
/// How long the projector waits before it builds anew what could not be built.
const PAUSE: Duration = Duration::from_mins(1);

/// What was built, and what was not, by name.
type Built = Vec<(&'static str, Result<Copy, StoreError>)>;

/// Follows the log with all read models.
pub struct Projector {
    log: Arc<dyn Log>,
    store: Arc<dyn ReadStore>,
    followers: Vec<Follower>,
    progress: Progress,
    /// When those that are held were last tried.
    tried: Instant,
    /// Those that have no copy of their version yet.
    awaited: Vec<Arc<dyn Fold>>,
    /// Their building. Left halfway, what it made is dropped by the next.
    building: JoinSet<Built>,
    /// When building may begin.
    not_before: Instant,
}

impl Projector {
    /// A projector of these read models. One that has no copy yet, or whose fold changed since its copy
    /// was made, is built anew and answers nobody until then; beside a long log that goes on after
    /// this call.
    ///
    /// # Errors
    /// If the log or the store is away, or a copy was built from another history.
    pub async fn start(
        log: Arc<dyn Log>,
        store: Arc<dyn ReadStore>,
        folds: Vec<Arc<dyn Fold>>,
        progress: Progress,
    ) -> Result<Self, StoreError> {
        let mut projector = Self {
            log,
            store,
            followers: Vec::with_capacity(folds.len()),
            progress,
            tried: Instant::now(),
            awaited: folds,
            building: JoinSet::new(),
            not_before: Instant::now(),
        };
        projector.take_up().await?;
        if projector.log.head().await? <= SHORT {
            projector.build();
            if let Some(built) = projector.building.join_next().await {
                projector.built(built).await?;
            }
        }
        Ok(projector)
    }

    /// Lets those follow that have a copy by now.
    async fn take_up(&mut self) -> Result<(), StoreError> {
        let (mut found, mut still) = (Vec::new(), Vec::new());
        for fold in &self.awaited {
            match follower(fold, &*self.store, &*self.log).await? {
                Some(follower) => found.push(follower),
                None => still.push(Arc::clone(fold)),
            }
        }
        for follower in &found {
            note(&self.progress, follower);
        }
        for fold in &still {
            self.progress.note(fold.name(), 0, State::Building);
        }
        self.followers.extend(found);
        self.awaited = still;
        Ok(())
    }

    /// Begins to build what is awaited, beside those that follow.
    fn build(&mut self) {
        if self.awaited.is_empty() {
            return;
        }
        let folds = self.awaited.clone();
        let (log, store) = (Arc::clone(&self.log), Arc::clone(&self.store));
        let progress = self.progress.clone();
        self.building.spawn(async move {
            let note = |position, _| {
                for fold in &folds {
                    progress.note(fold.name(), position, State::Building);
                }
            };
            let built = rebuild(&folds, &log, &store, note).await;
            let names = folds.iter().map(|fold| fold.name());
            names.zip(built).collect()
        });
    }

    /// What was built follows; what could not be built is held, and is tried again after a while.
    async fn built(&mut self, built: Result<Built, JoinError>) -> Result<(), StoreError> {
        let built = built.unwrap_or_else(|panicked| {
            let error = StoreError::broken(panicked);
            let names = self.awaited.iter().map(|fold| fold.name());
            names.map(|name| (name, Err(error.clone()))).collect()
        });
        self.take_up().await?;
        // Another process may have built it meanwhile.
        let is_awaited = |name| self.awaited.iter().any(|fold| fold.name() == name);
        for (name, copy) in built {
            let Err(error) = copy else { continue };
            if is_awaited(name) {
                tracing::error!(read_model = name, %error, "it could not be built");
                let why = error.to_string();
                self.progress.note(name, 0, State::Held { why });
                self.not_before = Instant::now() + PAUSE;
            }
        }
        Ok(())
    }

    /// Folds one page in; says whether there was anything new.
    ///
    /// # Errors
    /// If the log or the store is away; calling again goes on from where it was.
    pub async fn step(&mut self) -> Result<bool, StoreError> {
        if let Some(built) = self.building.try_join_next() {
            self.built(built).await?;
        }
        let is_idle = self.building.is_empty() && Instant::now() >= self.not_before;
        if is_idle && !self.awaited.is_empty() {
            self.take_up().await?;
            self.build();
        }
        let following = |follower: &Follower| *follower.state() == State::Following;
        // Under load the others always have something to do.
        let due = self.tried.elapsed() >= POLL;
        if !due && self.fold_in(following).await? {
            return Ok(true);
        }
        // Each by itself, so that it holds nobody back.
        self.tried = Instant::now();
        let held = |follower: &&Follower| matches!(follower.state(), State::Held { .. });
        let held = self.followers.iter().filter(held);
        let held: Vec<_> = held.map(Follower::name).collect();
        let (mut moved, mut failed) = (false, None);
        for name in held {
            match self.fold_in(|follower| follower.name() == name).await {
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
            note(progress, follower);
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
}

/// One that goes on from where its copy stands, if it has one of its version.
async fn follower(
    fold: &Arc<dyn Fold>,
    store: &dyn ReadStore,
    log: &dyn Log,
) -> Result<Option<Follower>, StoreError> {
    let Model { name, version } = fold.model();
    loop {
        let live = store.live(name).await?;
        let Some((copy, _)) = live.clone().filter(|(_, made_by)| *made_by == version) else {
            return Ok(None);
        };
        match Follower::resume(Arc::clone(fold), copy, store, log).await {
            Ok(follower) => return Ok(Some(follower)),
            Err(error) if live == store.live(name).await? => return Err(error),
            // Another process has put another copy in its place meanwhile.
            Err(_) => {}
        }
    }
}

fn note(progress: &Progress, follower: &Follower) {
    let (position, state) = (follower.position(), follower.state().clone());
    progress.note(follower.name(), position, state);
}
