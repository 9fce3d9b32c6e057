//! Building a read model anew beside the one that answers, and comparing the two.

use std::sync::Arc;

use futures::stream::{self, StreamExt as _};
use sha2::{Digest, Sha256};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::builder::Builder;
pub use crate::builder::Pace;
use crate::fold::Fold;
use crate::follower::{self, Follower, Page, State};
use crate::log::Log;
use crate::store::{Copy, ReadStore, StoreError};

/// How many rows one look at a table brings while its digest is taken.
const SCAN: usize = 5_000;

/// How many copies are made ready at once.
const SWITCHES: usize = 3;

/// How many pages wait for a read model that is slower than the log.
const AHEAD: usize = 2;

/// A copy that is being filled, and how that ends.
type Building = (Copy, oneshot::Receiver<Result<(), StoreError>>);

/// Builds read models from the first event on in new copies, side by side, from one reading of the
/// log, and switches to each that is there. `progress` hears the position that was read, and the head.
///
/// Answers for each: its new copy, or why its old one stays: the log or the store is away, or an act cannot
/// be read or applied.
pub async fn rebuild(
    folds: &[Arc<dyn Fold>],
    log: &Arc<dyn Log>,
    store: &Arc<dyn ReadStore>,
    progress: impl FnMut(i64, i64),
) -> Vec<Result<Copy, StoreError>> {
    let pace = Pace::of_one_in(folds.len());
    // Ends with this future, so that nobody writes on into copies that are dropped.
    let mut tasks = JoinSet::new();
    let (mut queues, mut building) = (Vec::new(), Vec::new());
    for fold in folds {
        let copy = store.beside(fold.model(), fold.tables()).await;
        building.push(copy.map(|copy| {
            let (queue, pages) = mpsc::channel(AHEAD);
            let (end, ended) = oneshot::channel();
            let builder = Builder::new(Arc::clone(fold), copy.clone(), pace);
            let build = build(builder, pages, log.log_id(), Arc::clone(store));
            tasks.spawn(async move { end.send(build.await) });
            queues.push(queue);
            (copy, ended)
        }));
    }
    let read = hand_out(queues, log, progress).await;
    let each = folds.iter().zip(building);
    let each = each.map(|(fold, building)| show(fold, building, read.clone(), store));
    let each: Vec<_> = each.collect();
    // Side by side, because most of it is making indexes; not all, because others want to read.
    stream::iter(each).buffered(SWITCHES).collect().await
}

/// Switches to a copy that holds all that was to be read; drops any other.
async fn show(
    fold: &Arc<dyn Fold>,
    building: Result<Building, StoreError>,
    read: Result<(), StoreError>,
    store: &Arc<dyn ReadStore>,
) -> Result<Copy, StoreError> {
    let (copy, ended) = building?;
    let built = ended.await.map_err(StoreError::broken);
    if let Err(error) = built.and_then(|built| built).and(read) {
        store.drop_copy(copy, fold.tables()).await?;
        return Err(error);
    }
    store.switch(copy.clone(), fold.tables()).await?;
    Ok(copy)
}

/// One read model of several: takes pages until there are no more.
async fn build(
    mut builder: Builder,
    mut pages: mpsc::Receiver<Arc<Page>>,
    log_id: Uuid,
    store: Arc<dyn ReadStore>,
) -> Result<(), StoreError> {
    while let Some(page) = pages.recv().await {
        builder.take(&page, &*store).await?;
    }
    builder.finish(log_id, &*store).await.map(drop)
}

/// Reads the log to its end, the next page while the last one is decoded, and gives every page to all
/// that go on; those that could not say why themselves.
async fn hand_out(
    mut queues: Vec<mpsc::Sender<Arc<Page>>>,
    log: &Arc<dyn Log>,
    mut progress: impl FnMut(i64, i64),
) -> Result<(), StoreError> {
    let page = Pace::default().page;
    let mut recorded = log.read(0, page).await?;
    while let Some(last) = recorded.last().map(|event| event.position) {
        let reading = Arc::clone(log);
        let reading = tokio::spawn(async move { reading.read(last, page).await });
        let decoded = Arc::new(Page::of(recorded));
        let mut open = Vec::with_capacity(queues.len());
        for queue in queues {
            if queue.send(Arc::clone(&decoded)).await.is_ok() {
                open.push(queue);
            }
        }
        queues = open;
        if queues.is_empty() {
            return Ok(());
        }
        recorded = reading.await.map_err(StoreError::broken)??;
        progress(last, log.head().await?);
    }
    Ok(())
}

/// Folds the log into a copy up to `until`; says which position it reached. A copy that is empty is
/// written as a whole; any other goes on from where it stands.
///
/// # Errors
/// If the log or the store is away, or an act cannot be read or applied.
pub async fn fill(
    fold: &Arc<dyn Fold>,
    copy: Copy,
    log: &dyn Log,
    store: &dyn ReadStore,
    until: i64,
    progress: impl FnMut(i64, i64),
) -> Result<i64, StoreError> {
    fill_at(Pace::default(), fold, copy, log, store, until, progress).await
}

/// The same, with another part of the history in memory at once.
///
/// # Errors
/// As [`fill`].
pub async fn fill_at(
    pace: Pace,
    fold: &Arc<dyn Fold>,
    copy: Copy,
    log: &dyn Log,
    store: &dyn ReadStore,
    until: i64,
    mut progress: impl FnMut(i64, i64),
) -> Result<i64, StoreError> {
    if store.checkpoint(copy.clone()).await?.position > 0 {
        return go_on(fold, copy, log, store, until, progress).await;
    }
    let mut builder = Builder::new(Arc::clone(fold), copy, pace);
    let read = |after: i64| {
        let left = usize::try_from(until - after).unwrap_or(usize::MAX);
        log.read(after, pace.page.min(left))
    };
    let mut next = Page::of(read(0).await?);
    while let Some(last) = next.recorded.last().map(|event| event.position) {
        // The next page is read while this one is folded in.
        let (taken, read) = tokio::join!(builder.take(&next, store), read(last));
        taken?;
        next = Page::of(read?);
        progress(last, log.head().await?);
    }
    let reached = builder.position();
    builder.finish(log.log_id(), store).await?;
    Ok(reached)
}

async fn go_on(
    fold: &Arc<dyn Fold>,
    copy: Copy,
    log: &dyn Log,
    store: &dyn ReadStore,
    until: i64,
    mut progress: impl FnMut(i64, i64),
) -> Result<i64, StoreError> {
    let mut follower = Follower::resume(Arc::clone(fold), copy, store, log).await?;
    loop {
        let left = usize::try_from(until - follower.position()).unwrap_or(usize::MAX);
        let page = log.read(follower.position(), follower::PAGE.min(left));
        let page = Page::of(page.await?);
        if page.recorded.is_empty() {
            return Ok(follower.position());
        }
        follower.follow(&page, log, store).await?;
        if let State::Stopped { position, why } = follower.state() {
            return Err(StoreError::Broken(format!("position {position}: {why}")));
        }
        progress(follower.position(), log.head().await?);
    }
}

/// The digest of a copy's state: SHA-256 over its tables and rows in canonical form. Equal digests
/// mean equal rows, whatever the engine.
///
/// # Errors
/// If the store is away.
pub async fn digest(
    fold: &dyn Fold,
    copy: &Copy,
    store: &dyn ReadStore,
) -> Result<String, StoreError> {
    let mut hash = Sha256::new();
    for table in fold.tables() {
        hash.update(format!("table {}\n", table.name));
        let mut after = String::new();
        loop {
            let rows = store.scan(copy.clone(), table, after.clone(), SCAN).await?;
            let Some(last) = rows.last() else { break };
            after = key_of(last)?;
            for row in &rows {
                hash.update(row);
                hash.update("\n");
            }
        }
    }
    Ok(hex::encode(hash.finalize()))
}

/// The key of a row in canonical form.
///
/// # Errors
/// If it is no row.
pub fn key_of(row: &str) -> Result<String, StoreError> {
    #[derive(serde::Deserialize)]
    struct Keyed {
        key: String,
    }
    let keyed: Keyed = serde_json::from_str(row).map_err(StoreError::broken)?;
    Ok(keyed.key)
}
