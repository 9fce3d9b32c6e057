//! Building a read model anew beside the one that answers, and comparing the two.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::fold::Fold;
use crate::log::Log;
use crate::projector::{Follower, PAGE, Page, State};
use crate::store::{Copy, ReadStore, StoreError};

/// How many rows one look at a table brings while its digest is taken.
const SCAN: usize = 5_000;

/// Builds a read model from the first event on in a new copy, and switches to it.
///
/// # Errors
/// If the log or the store is away, or an act cannot be applied: the old copy then stays.
pub async fn rebuild(
    fold: &dyn Fold,
    shared: &Arc<dyn Fold>,
    log: &dyn Log,
    store: &dyn ReadStore,
    progress: impl FnMut(i64, i64),
) -> Result<Copy, StoreError> {
    let copy = store
        .beside(fold.name(), fold.version(), fold.tables())
        .await?;
    match fill(shared, copy.clone(), log, store, i64::MAX, progress).await {
        Ok(_) => {
            store.switch(copy.clone(), fold.tables()).await?;
            Ok(copy)
        }
        Err(error) => {
            store.drop_copy(copy, fold.tables()).await?;
            Err(error)
        }
    }
}

/// Folds the log into a copy up to `until`; says which position it reached.
///
/// # Errors
/// If the log or the store is away, or an act cannot be applied.
pub async fn fill(
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
        let page = Page::of(log.read(follower.position(), PAGE.min(left)).await?);
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
