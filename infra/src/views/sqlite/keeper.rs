//! Carrying the write-ahead log back into the file, beside whoever writes.
//!
//! SQLite would do it within the commit that makes the log long, and all views would wait for the
//! disk: where many rows change, most of a commit's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use projections::store::{Change, StoreError};

use super::connections::Connections;

/// After about so many changed pages of 4 KiB they are carried back. Much at a time keeps the disk from the
/// event log for long, and with it all who wait for an act.
const MANY_PAGES: usize = 2_000;
/// Once the log has so many pages, it is to begin anew: the writer waits while the last are carried back.
const LONG_LOG: i64 = 32_000;
/// The writer waits for so many pages at most.
const FEW_PAGES: i64 = 1_000;
/// How often one tries to have so few left.
const TRIES: usize = 3;

/// Knows how much was written since the log was carried back.
#[derive(Clone)]
pub(super) struct Keeper {
    pages: Arc<AtomicUsize>,
    aside: Connections,
    writer: Connections,
}

impl Keeper {
    /// One that works on a connection of its own.
    pub fn new(aside: Connections, writer: Connections) -> Self {
        let pages = Arc::default();
        Self {
            pages,
            aside,
            writer,
        }
    }

    /// Notes what was committed; now and then it sets out to carry all back.
    pub fn wrote<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) {
        let pages = |change: &Change| {
            let moved = change.rows.len() - change.in_place + change.deleted.len();
            // At most: each row on another page, and its place in each index too.
            change.in_place + moved * (1 + change.table.indexes.len())
        };
        let more: usize = changes.into_iter().map(pages).sum();
        let before = self.pages.fetch_add(more, Ordering::Relaxed);
        if before < MANY_PAGES && before + more >= MANY_PAGES {
            let keeper = self.clone();
            tokio::spawn(async move {
                if let Err(error) = keeper.carry_back().await {
                    tracing::warn!(%error, "the write-ahead log of the views grows");
                }
                keeper.pages.store(0, Ordering::Relaxed);
            });
        }
    }

    async fn carry_back(&self) -> Result<(), StoreError> {
        let mut before = carry(&self.aside).await?;
        if before < LONG_LOG {
            return Ok(());
        }
        for _ in 0..TRIES {
            let all = carry(&self.aside).await?;
            if all - before <= FEW_PAGES {
                break;
            }
            before = all;
        }
        // On the writer's own connection nobody writes meanwhile.
        carry(&self.writer).await.map(drop)
    }
}

/// Carries back what no reader needs in the log any more; answers how many pages the log has.
async fn carry(on: &Connections) -> Result<i64, StoreError> {
    on.run(|connection| {
        let all = |row: &rusqlite::Row<'_>| row.get("log");
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], all)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::super::connections::Recipe;
    use super::*;
    use projections::table::Table;

    #[tokio::test]
    async fn what_was_written_is_carried_back_into_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("views.db");
        let settings = "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 64000";
        let one = || Connections::new(1, Recipe::new(&file, settings));
        let writer = one();
        let write = "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))";
        let written = writer.run(|connection| connection.execute_batch(write));
        written.await.expect("room");
        let length = || std::fs::metadata(&file).expect("a file").len();
        assert!(length() < 1_000_000, "it is in the log");
        let keeper = Keeper::new(one(), writer);
        let table = Table {
            name: "t",
            columns: &[],
            indexes: &[],
        };
        let change = Change {
            table,
            rows: Vec::new(),
            in_place: 0,
            new: false,
            deleted: vec![String::new(); MANY_PAGES],
        };
        keeper.wrote(&[change]);
        while keeper.pages.load(Ordering::Relaxed) > 0 {
            tokio::task::yield_now().await;
        }
        assert!(length() > 1_000_000);
    }
}
