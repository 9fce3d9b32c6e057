//! Carrying the write-ahead log back into the file, beside whoever writes.
//!
//! SQLite would do it within the commit that makes the log long, and all views would wait for the
//! disk: where many rows change, most of a commit's time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use projections::store::Change;
use sqlx::sqlite::SqlitePool;

/// After about so many changed pages of 4 KiB they are carried back. Most pages change often: the
/// longer one waits, the fewer are written, and the longer the log is.
const MANY_PAGES: usize = 16_000;
/// SQLite does it by itself, should nobody else, when the log has so many pages.
pub(super) const TOO_MANY_PAGES: &str = "64000";
/// The writer waits while so many pages are carried back, so that it begins the log anew.
const FEW_PAGES: i64 = 1_000;
/// How often one tries to have so few left.
const TRIES: usize = 3;

/// Knows how much was written since the log was carried back.
#[derive(Clone)]
pub(super) struct Keeper {
    pages: Arc<AtomicUsize>,
    aside: SqlitePool,
    writer: SqlitePool,
}

impl Keeper {
    /// One that works on a connection of its own.
    pub fn new(aside: SqlitePool, writer: SqlitePool) -> Self {
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

    async fn carry_back(&self) -> Result<(), sqlx::Error> {
        let mut before = 0;
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
async fn carry(on: &SqlitePool) -> Result<i64, sqlx::Error> {
    let (_is_busy, all, _carried): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)")
            .fetch_one(on)
            .await?;
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use projections::table::Table;
    use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions};

    #[tokio::test]
    async fn what_was_written_is_carried_back_into_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("views.db");
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .pragma("wal_autocheckpoint", TOO_MANY_PAGES);
        let pool = SqlitePoolOptions::new().max_connections(1);
        let writer = pool.clone().connect_with(options.clone()).await;
        let writer = writer.expect("a file");
        let write = "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))";
        sqlx::raw_sql(write).execute(&writer).await.expect("room");
        let length = || std::fs::metadata(&file).expect("a file").len();
        assert!(length() < 1_000_000, "it is in the log");
        let keeper = Keeper::new(pool.connect_lazy_with(options), writer);
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
