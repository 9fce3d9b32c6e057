//! The log as it is stored, for whoever checks it: with a login that may read, and no other right.

use chrono::{DateTime, Utc};
use commands::evidence::scan::{Chunk, Head, Scan, Stored};
use commands::log::LogError;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sqlx::postgres::{PgPool, PgPoolOptions, PgRow};
use sqlx::{Executor as _, Row as _};
use tokio::sync::mpsc;

use super::connection;
use super::error::{OpenError, log_error};
use crate::seals::PgSeals;

/// The most events in a chunk, and the most bytes of their payloads.
const CHUNK: (usize, usize) = (512, 512 * 1024);
/// Connections: one streams, others look tiles up.
const CONNECTIONS: u32 = 3;

/// A log that is only read.
pub struct PgScan(PgPool);

impl PgScan {
    /// The log of this database; nothing is migrated, and the sessions cannot write.
    ///
    /// # Errors
    /// If the database does not answer.
    pub async fn connect(url: &str) -> Result<Self, OpenError> {
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS);
        let pool = pool.after_connect(|connection, _| {
            Box::pin(async move {
                let session = "SET default_transaction_read_only = on; SET TimeZone = 'UTC'; \
                               SET jit = off";
                connection.execute(session).await.map(|_| ())
            })
        });
        Ok(Self(pool.connect_with(connection::options(url)?).await?))
    }

    /// The tiles and checkpoints beside it.
    #[must_use]
    pub fn seals(&self) -> PgSeals {
        PgSeals::over(self.0.clone())
    }

    async fn stream(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> sqlx::Result<()> {
        let mut rows = sqlx::query(
            "SELECT position, network, aggregate_type, aggregate_id, sequence, event_type,
                    event_version, payload::text, metadata::text, event_id, occurred_at,
                    recorded_at, leaf_hash
             FROM log.events WHERE position > $1 AND position <= $2 ORDER BY position",
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

impl Scan for PgScan {
    fn head(&self) -> BoxFuture<'_, Result<Head, LogError>> {
        async {
            let (log_id, position, leaf_hash) =
                sqlx::query_as("SELECT log_id, position, leaf_hash FROM log.head")
                    .fetch_one(&self.0)
                    .await
                    .map_err(|e| log_error(&e))?;
            Ok(Head {
                log_id,
                position,
                leaf_hash,
            })
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
        done.map(|done| done.map_err(|e| log_error(&e))).boxed()
    }
}

struct Rows(Vec<PgRow>);

impl Chunk for Rows {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn event(&self, at: usize) -> Result<Stored<'_>, LogError> {
        let row = self.0.get(at).ok_or(LogError::Unavailable)?;
        stored(row).map_err(|e| log_error(&e))
    }
}

fn stored(row: &PgRow) -> sqlx::Result<Stored<'_>> {
    let instant = |column: usize| -> sqlx::Result<i64> {
        let at: DateTime<Utc> = row.try_get(column)?;
        Ok(at.timestamp_micros())
    };
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
        event_id: row.try_get(9)?,
        occurred_at: instant(10)?,
        recorded_at: instant(11)?,
        leaf_hash: row.try_get(12)?,
    })
}
