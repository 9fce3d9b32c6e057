//! The port of the event log over SQLite.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use commands::evidence::scan::{Chunk as _, Stored, unreadable};
use commands::log::{Append, Appended, EventLog, LogError};
use cqrs_es::persist::SerializedEvent;
use domain::Stream;
use domain::envelope::{Record, Recorded};
use futures::future::BoxFuture;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};
use tokio::sync::watch;
use uuid::Uuid;

use super::append::Writer;
use super::connection::{Database, Deleted, Steps, broken};
use super::jobs::Locks;
use super::pages::{PAGES, Pages, ROWS};
use super::rows::{json, undecodable, uuid};
use crate::group_commit::GroupCommit;

const SCHEMA: Steps = &[
    include_str!("schema/log_1.sql"),
    include_str!("schema/log_2.sql"),
];

/// The most events that one read returns.
const MAX_PAGE: usize = 10_000;

/// A log in a SQLite file, with its lookups, the checkpoints of reactions, and leadership.
pub struct SqliteLog {
    pub(super) database: Database,
    pub(super) locks: Locks,
    log_id: Uuid,
    group: GroupCommit,
}

impl SqliteLog {
    /// Opens or creates the log in this file. Must be called on a tokio runtime, where its writer
    /// then runs.
    ///
    /// # Errors
    /// If the file cannot be created, or was written by a newer version of this program.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, LogError> {
        Self::over(Database::open(path.as_ref(), Deleted::Left, SCHEMA).await?).await
    }

    /// A log that is gone with its handle.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub async fn memory() -> Result<Self, LogError> {
        Self::over(Database::memory(SCHEMA).await?).await
    }

    /// The database itself, for maintenance such as a copy.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    async fn over(database: Database) -> Result<Self, LogError> {
        let mut connection = database.writer.acquire().await.map_err(broken)?;
        let (log_id, head) = identity(&mut connection).await.map_err(broken)?;
        drop(connection);
        let writer = Arc::new(Writer {
            pool: database.writer.clone(),
            log_id,
        });
        Ok(Self {
            group: GroupCommit::start(writer, head),
            locks: Locks::beside(database.path.as_deref()),
            database,
            log_id,
        })
    }

    async fn page(&self, after: i64, limit: usize) -> Result<Vec<Recorded>, LogError> {
        let limit = limit.min(MAX_PAGE);
        let rows = ROWS.min(i64::try_from(limit).unwrap_or(ROWS)).max(1);
        let pages = limit.div_ceil(usize::try_from(rows).unwrap_or(1));
        let found: Vec<(i64, Vec<u8>)> = sqlx::query_as(PAGES)
            .bind(after)
            .bind(i64::MAX)
            .bind(rows)
            .bind(i64::try_from(pages).unwrap_or(i64::MAX))
            .fetch_all(&self.database.readers)
            .await
            .map_err(broken)?;
        let mut pages = Pages::default();
        for (after, page) in found {
            pages.push(after, page)?;
        }
        let few = pages.len().min(limit);
        let page = (0..few).map(|at| recorded(&pages.event(at)?));
        let page = page.collect::<Result<Vec<_>, _>>()?;
        if let Some(last) = page.last() {
            self.group.saw(last.position);
        }
        Ok(page)
    }

    async fn stream(&self, stream: Stream, after: i64) -> Result<Vec<SerializedEvent>, LogError> {
        let rows = sqlx::query(
            "SELECT aggregate_id, sequence, aggregate_type, event_type, event_version, payload,
                    metadata
             FROM events WHERE aggregate_id = $1 AND sequence > $2 AND aggregate_type = $3
             ORDER BY sequence",
        )
        .bind(stream.id.hyphenated())
        .bind(after)
        .bind(stream.aggregate_type)
        .fetch_all(&self.database.readers)
        .await
        .map_err(broken)?;
        let events = rows.iter().map(serialized).collect::<Result<_, _>>();
        events.map_err(broken)
    }

    async fn last_position(&self) -> Result<i64, LogError> {
        let head = sqlx::query_scalar("SELECT position FROM log_head")
            .fetch_one(&self.database.readers)
            .await
            .map_err(broken)?;
        self.group.saw(head);
        Ok(head)
    }

    async fn prune(&self, before: DateTime<Utc>, limit: usize) -> Result<u64, LogError> {
        let done = sqlx::query(
            "DELETE FROM kept_answers WHERE command_id IN (
                 SELECT command_id FROM kept_answers WHERE for_ever = 0 AND recorded_at < $1
                 ORDER BY recorded_at LIMIT $2)",
        )
        .bind(before.timestamp_micros())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .execute(&self.database.writer)
        .await
        .map_err(broken)?;
        Ok(done.rows_affected())
    }
}

impl EventLog for SqliteLog {
    fn log_id(&self) -> Uuid {
        self.log_id
    }

    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, LogError>> {
        Box::pin(self.group.append(append))
    }

    fn load(
        &self,
        stream: Stream,
        after: i64,
    ) -> BoxFuture<'_, Result<Vec<SerializedEvent>, LogError>> {
        Box::pin(self.stream(stream, after))
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, LogError>> {
        Box::pin(self.page(after, limit))
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, LogError>> {
        Box::pin(self.last_position())
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.group.changes()
    }

    fn prune_answers(
        &self,
        before: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, LogError>> {
        Box::pin(self.prune(before, limit))
    }
}

/// The log's id, drawn by the database when the log was made, and its head.
async fn identity(connection: &mut SqliteConnection) -> Result<(Uuid, i64), sqlx::Error> {
    let random: Vec<u8> = sqlx::query_scalar("SELECT randomblob(16)")
        .fetch_one(&mut *connection)
        .await?;
    let random = random.try_into().unwrap_or_default();
    // Whoever is first decides.
    sqlx::query(
        "INSERT INTO log_head (one, log_id, position) VALUES (1, $1, 0) ON CONFLICT DO NOTHING",
    )
    .bind(
        uuid::Builder::from_random_bytes(random)
            .into_uuid()
            .hyphenated(),
    )
    .execute(&mut *connection)
    .await?;
    let row = sqlx::query("SELECT log_id, position FROM log_head")
        .fetch_one(&mut *connection)
        .await?;
    Ok((uuid(&row, 0)?, row.try_get(1)?))
}

fn recorded(stored: &Stored<'_>) -> Result<Recorded, LogError> {
    let read = || {
        Some(Recorded {
            position: stored.position,
            record: Record {
                network: stored.network.to_owned(),
                aggregate_type: stored.aggregate_type.to_owned(),
                aggregate_id: stored.aggregate_id.parse().ok()?,
                sequence: stored.sequence,
                event_type: stored.event_type.to_owned(),
                event_version: stored.event_version.to_owned(),
                payload: stored.payload.to_owned(),
                metadata: stored.metadata.to_owned(),
                event_id: stored.event_id,
                occurred_at: DateTime::from_timestamp_micros(stored.occurred_at)?,
                recorded_at: DateTime::from_timestamp_micros(stored.recorded_at)?,
            },
            leaf_hash: stored.leaf_hash.try_into().ok()?,
        })
    };
    read().ok_or_else(|| unreadable(stored.position - 1))
}

fn serialized(row: &SqliteRow) -> Result<SerializedEvent, sqlx::Error> {
    let sequence: i64 = row.try_get(1)?;
    Ok(SerializedEvent {
        aggregate_id: row.try_get(0)?,
        sequence: sequence.try_into().map_err(undecodable)?,
        aggregate_type: row.try_get(2)?,
        event_type: row.try_get(3)?,
        event_version: row.try_get(4)?,
        payload: json(row, 5)?,
        metadata: json(row, 6)?,
    })
}
