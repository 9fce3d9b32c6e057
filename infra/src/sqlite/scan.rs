//! The log as it is stored, for whoever checks it: the file is opened to be read, and no other way.

use std::path::Path;

use commands::evidence::scan::{Chunk, Head, Scan, Stored};
use commands::log::LogError;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sqlx::Row as _;
use sqlx::sqlite::{SqlitePool, SqliteRow};
use tokio::sync::mpsc;

use super::connection::{broken, look};
use super::rows::uuid;

/// The most events in a chunk, and the most bytes of their payloads.
const CHUNK: (usize, usize) = (512, 512 * 1024);

/// A log that is only read.
pub struct SqliteScan(SqlitePool);

impl SqliteScan {
    /// The log in this file, which must be there; nothing is migrated.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, LogError> {
        look(path).await.map(Self)
    }

    async fn stream(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> sqlx::Result<()> {
        let mut rows = sqlx::query(
            "SELECT position, network, aggregate_type, aggregate_id, sequence, event_type,
                    event_version, payload, metadata, event_id, occurred_at, recorded_at, leaf_hash
             FROM events WHERE position > $1 AND position <= $2 ORDER BY position",
        )
        .bind(after)
        .bind(last)
        .fetch(&self.0);
        let (mut chunk, mut bytes) = (Vec::with_capacity(CHUNK.0), 0);
        while let Some(row) = rows.next().await {
            let row = row?;
            bytes += row.try_get::<&str, _>(7)?.len();
            chunk.push(row);
            if chunk.len() == CHUNK.0 || bytes > CHUNK.1 {
                let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK.0));
                bytes = 0;
                if out.send(Box::new(Rows(full))).await.is_err() {
                    return Ok(());
                }
            }
        }
        // Whoever takes them may have had enough.
        let _ = out.send(Box::new(Rows(chunk))).await;
        Ok(())
    }
}

impl Scan for SqliteScan {
    fn head(&self) -> BoxFuture<'_, Result<Head, LogError>> {
        async {
            let row = sqlx::query("SELECT log_id, position, leaf_hash FROM log_head")
                .fetch_one(&self.0)
                .await
                .map_err(broken)?;
            let head = || -> sqlx::Result<Head> {
                Ok(Head {
                    log_id: uuid(&row, 0)?,
                    position: row.try_get(1)?,
                    leaf_hash: row.try_get(2)?,
                })
            };
            head().map_err(broken)
        }
        .boxed()
    }

    fn events(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> BoxFuture<'_, Result<(), LogError>> {
        let done = self.stream(after, last, out);
        done.map(|done| done.map_err(broken)).boxed()
    }
}

struct Rows(Vec<SqliteRow>);

impl Chunk for Rows {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn event(&self, at: usize) -> Result<Stored<'_>, LogError> {
        let row = self.0.get(at).ok_or(LogError::Unavailable)?;
        stored(row).map_err(broken)
    }
}

fn stored(row: &SqliteRow) -> sqlx::Result<Stored<'_>> {
    Ok(Stored {
        position: row.try_get(0)?,
        network: row.try_get(1)?,
        aggregate_type: row.try_get(2)?,
        aggregate_id: row.try_get(3)?,
        sequence: row.try_get(4)?,
        event_type: row.try_get(5)?,
        event_version: row.try_get(6)?,
        payload: row.try_get(7)?,
        metadata: row.try_get(8)?,
        event_id: uuid(row, 9)?,
        occurred_at: row.try_get(10)?,
        recorded_at: row.try_get(11)?,
        leaf_hash: row.try_get(12)?,
    })
}
