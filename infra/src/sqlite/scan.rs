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

/// Every row as one value, which costs a third of thirteen: the numbers and the lengths of the rest,
/// each with a comma after it, then the rest. Whatever stands in a column cannot be taken for another.
const ROWS: &str = "
    SELECT CAST(concat(
        position, ',', sequence, ',', occurred_at, ',', recorded_at, ',',
        octet_length(network), ',', octet_length(aggregate_type), ',',
        octet_length(aggregate_id), ',', octet_length(event_type), ',',
        octet_length(event_version), ',', octet_length(event_id), ',',
        octet_length(payload), ',', octet_length(metadata), ',', octet_length(leaf_hash), ',',
        network, aggregate_type, aggregate_id, event_type, event_version, event_id,
        payload, metadata, leaf_hash) AS BLOB)
    FROM events WHERE position > $1 AND position <= $2 ORDER BY position";

/// The most events in a chunk, and the most bytes of them.
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
        let rows = sqlx::query(ROWS).bind(after).bind(last);
        let mut rows = rows.fetch(&self.0);
        let (mut chunk, mut bytes) = (Vec::with_capacity(CHUNK.0), 0);
        while let Some(row) = rows.next().await {
            let row = row?;
            bytes += row.try_get::<&[u8], _>(0)?.len();
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
        let row = row.try_get(0).map_err(broken)?;
        stored(row).ok_or_else(|| {
            let begins = String::from_utf8_lossy(&row[..row.len().min(60)]);
            LogError::Broken(format!(
                "no event can be read out of the row that begins {begins}"
            ))
        })
    }
}

fn stored(row: &[u8]) -> Option<Stored<'_>> {
    let mut rest = row;
    let [position, sequence, occurred_at, recorded_at] = numbers(&mut rest)?;
    let lengths: [i64; 9] = numbers(&mut rest)?;
    let mut parts = [rest; 9];
    for (part, length) in parts.iter_mut().zip(lengths) {
        (*part, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
    }
    let [
        network,
        aggregate_type,
        aggregate_id,
        event_type,
        event_version,
        event_id,
        payload,
        metadata,
        leaf_hash,
    ] = parts;
    let text = |bytes| str::from_utf8(bytes).ok();
    rest.is_empty().then_some(())?;
    Some(Stored {
        position,
        network: text(network)?,
        aggregate_type: text(aggregate_type)?,
        aggregate_id: text(aggregate_id)?,
        sequence,
        event_type: text(event_type)?,
        event_version: text(event_version)?,
        payload: text(payload)?,
        metadata: text(metadata)?,
        event_id: text(event_id)?.parse().ok()?,
        occurred_at,
        recorded_at,
        leaf_hash,
    })
}

/// Takes numbers with a comma after each off the beginning.
fn numbers<const MANY: usize>(rest: &mut &[u8]) -> Option<[i64; MANY]> {
    let mut numbers = [0; MANY];
    for number in &mut numbers {
        let comma = rest.iter().position(|byte| *byte == b',')?;
        *number = str::from_utf8(&rest[..comma]).ok()?.parse().ok()?;
        *rest = &rest[comma + 1..];
    }
    Some(numbers)
}
