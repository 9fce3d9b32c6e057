//! The log as it is stored, for whoever checks it: with a login that may read, and no other right.

use bytes::Bytes;
use commands::evidence::scan::{Chunk, Head, Scan, Stored, unreadable};
use commands::log::LogError;
use futures::future::BoxFuture;
use futures::{FutureExt as _, StreamExt as _};
use sqlx::Executor as _;
use sqlx::postgres::{PgPool, PgPoolOptions};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::connection;
use super::copy::{END, HEADER};
use super::error::{OpenError, log_error};
use crate::seals::PgSeals;

/// The most events in a chunk, and the most bytes of them.
const CHUNK: (usize, usize) = (512, 512 * 1024);
/// Timestamps count from the beginning of 2000: that is so many microseconds after 1970.
const EPOCH: i64 = 946_684_800_000_000;
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
    ) -> Result<(), LogError> {
        let rows = format!(
            "COPY (SELECT position, network, aggregate_type, aggregate_id, sequence, event_type,
                    event_version, payload, metadata, event_id, occurred_at, recorded_at, leaf_hash
                   FROM log.events WHERE position > {after} AND position <= {last}
                   ORDER BY position)
             TO STDOUT (FORMAT binary)"
        );
        // Not given back: whoever takes the rows may have had enough in the middle of them.
        let mut connection = self.0.acquire().await.map_err(|e| log_error(&e))?.detach();
        let rows = connection.copy_out_raw(&rows).await;
        let mut rows = rows.map_err(|e| log_error(&e))?;
        let (mut chunk, mut bytes) = (Vec::with_capacity(CHUNK.0), 0);
        let mut header = Some(HEADER);
        while let Some(row) = rows.next().await {
            let mut row = row.map_err(|e| log_error(&e))?;
            // It comes with the first row; each row is a message of its own.
            if let Some(header) = header.take() {
                let said = row.split_to(header.len().min(row.len()));
                if *said != *header {
                    return Err(unreadable(after));
                }
            }
            if *row == *END {
                break;
            }
            bytes += row.len();
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
        self.stream(after, last, out).boxed()
    }
}

struct Rows(Vec<Bytes>);

impl Chunk for Rows {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn event(&self, at: usize) -> Result<Stored<'_>, LogError> {
        let row = self.0.get(at).ok_or(LogError::Unavailable)?;
        stored(row).ok_or_else(|| {
            let position = columns(row).and_then(|columns| number(columns[0]));
            unreadable(position.map_or(0, |position| position - 1))
        })
    }
}

fn stored(row: &[u8]) -> Option<Stored<'_>> {
    let [
        position,
        network,
        aggregate_type,
        aggregate_id,
        sequence,
        event_type,
        event_version,
        payload,
        metadata,
        event_id,
        occurred_at,
        recorded_at,
        leaf_hash,
    ] = columns(row)?;
    let text = |bytes| str::from_utf8(bytes).ok();
    Some(Stored {
        position: number(position)?,
        network: text(network)?,
        aggregate_type: text(aggregate_type)?,
        aggregate_id: text(aggregate_id)?,
        sequence: number(sequence)?,
        event_type: text(event_type)?,
        event_version: text(event_version)?,
        payload: text(payload)?,
        metadata: text(metadata)?,
        event_id: Uuid::from_slice(event_id).ok()?,
        occurred_at: number(occurred_at)?.saturating_add(EPOCH),
        recorded_at: number(recorded_at)?.saturating_add(EPOCH),
        leaf_hash,
    })
}

/// The fields of a row of COPY's binary format: how many there are, then each with its length.
fn columns(row: &[u8]) -> Option<[&[u8]; 13]> {
    let (count, mut rest) = row.split_first_chunk()?;
    let mut columns = [rest; 13];
    (usize::try_from(i16::from_be_bytes(*count)).ok()? == columns.len()).then_some(())?;
    for column in &mut columns {
        let (length, behind) = rest.split_first_chunk()?;
        // -1 stands for NULL, which no column of an event can be.
        let length = usize::try_from(i32::from_be_bytes(*length)).ok()?;
        (*column, rest) = behind.split_at_checked(length)?;
    }
    rest.is_empty().then_some(columns)
}

fn number(column: &[u8]) -> Option<i64> {
    column.try_into().ok().map(i64::from_be_bytes)
}
