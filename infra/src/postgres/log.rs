//! The event log on PostgreSQL.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use commands::clock::Clock;
use commands::log::{Append, Appended, EventLog, LogError};
use cqrs_es::persist::SerializedEvent;
use domain::Stream;
use domain::envelope::{Record, Recorded};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPool, PgRow};
use sqlx::{ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::watch;
use uuid::Uuid;

use super::append::{PgAppend, WRITERS};
use super::error::{OpenError, log_error};
use super::migrate::{bring_up_to_date, is_owner, must_be_ready, roles};
use super::roles::Roles;
use super::streams::Streams;
use super::{changes, connection};
use crate::group_commit::GroupCommit;

/// Connections of one process for readers; the writer and the listener have theirs besides.
const READERS: u32 = 12;

/// The log, its lookups, checkpoints and leadership.
pub struct PgLog {
    log_id: Uuid,
    by_owner: bool,
    roles: Roles,
    options: PgConnectOptions,
    readers: PgPool,
    streams: Streams,
    queue: Arc<GroupCommit>,
}

impl PgLog {
    /// Opens the log of this database. An owner's login first migrates it, and then acts with the
    /// application's rights; any other login finds it migrated or fails.
    pub async fn connect(url: &str) -> Result<Self, OpenError> {
        Self::connect_by(url, Clock::system()).await
    }

    /// The same with another idea of what time it is on this machine.
    pub async fn connect_by(url: &str, clock: Clock) -> Result<Self, OpenError> {
        let options = connection::options(url)?;
        let mut first = options.connect().await?;
        let roles = roles(&mut first).await?;
        let by_owner = is_owner(&mut first, &roles).await?;
        if by_owner {
            bring_up_to_date(&mut first).await?;
        } else {
            must_be_ready(&mut first).await?;
        }
        connection::begin(&mut first, &roles.app).await?;
        let (log_id, head) = sqlx::query_as("SELECT log_id, position FROM log.head")
            .fetch_one(&mut first)
            .await?;
        first.close().await?;

        let readers = connection::pool(options.clone(), &roles, READERS, "");
        let pool = connection::pool(options.clone(), &roles, u32::from(WRITERS), "");
        let engine = PgAppend {
            log_id,
            pool,
            clock,
        };
        let queue = Arc::new(GroupCommit::start(Arc::new(engine), head));
        let listeners = connection::pool(options.clone(), &roles, 1, "");
        tokio::spawn(changes::follow(
            listeners,
            readers.clone(),
            Arc::downgrade(&queue),
        ));
        Ok(Self {
            log_id,
            by_owner,
            roles,
            options,
            streams: Streams::start(readers.clone()),
            readers,
            queue,
        })
    }

    /// Whether the login owns the database, so that this process could take back the rights that
    /// it gave up: good for a demo, and something to warn of elsewhere.
    #[must_use]
    pub fn by_owner(&self) -> bool {
        self.by_owner
    }

    /// The roles of this database.
    #[must_use]
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// A pool of its own with the application's rights, e.g. for the read models. Each session is first
    /// told `more`, statements that end with a semicolon.
    #[must_use]
    pub fn pool(&self, size: u32, more: &'static str) -> PgPool {
        connection::pool(self.options.clone(), &self.roles, size, more)
    }

    pub(super) fn readers(&self) -> &PgPool {
        &self.readers
    }

    pub(super) fn options(&self) -> &PgConnectOptions {
        &self.options
    }
}

impl EventLog for PgLog {
    fn log_id(&self) -> Uuid {
        self.log_id
    }

    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, LogError>> {
        self.queue.append(append).boxed()
    }

    fn load(
        &self,
        stream: Stream,
        after: i64,
    ) -> BoxFuture<'_, Result<Vec<SerializedEvent>, LogError>> {
        self.streams.load(stream, after).boxed()
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, LogError>> {
        self.read_page(after, limit).boxed()
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, LogError>> {
        let head = sqlx::query_scalar("SELECT position FROM log.head");
        async {
            head.fetch_one(&self.readers)
                .await
                .map_err(|e| log_error(&e))
        }
        .boxed()
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.queue.changes()
    }

    fn prune_answers(
        &self,
        before: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, LogError>> {
        self.prune(before, limit).boxed()
    }
}

impl PgLog {
    async fn read_page(&self, after: i64, limit: usize) -> Result<Vec<Recorded>, LogError> {
        let rows = sqlx::query(
            "SELECT position, network, aggregate_type, aggregate_id, sequence, event_type,
                    event_version, payload::text, metadata::text, event_id, occurred_at,
                    recorded_at, leaf_hash
             FROM log.events WHERE position > $1 ORDER BY position LIMIT $2",
        )
        .bind(after)
        .bind(bound(limit))
        .fetch_all(&self.readers)
        .await
        .map_err(|e| log_error(&e))?;
        let page: sqlx::Result<Vec<_>> = rows.iter().map(recorded).collect();
        page.map_err(|e| log_error(&e))
    }

    async fn prune(&self, before: DateTime<Utc>, limit: usize) -> Result<u64, LogError> {
        let gone: i64 = sqlx::query_scalar("SELECT log.prune_answers($1, $2)")
            .bind(before)
            .bind(bound(limit))
            .fetch_one(&self.readers)
            .await
            .map_err(|e| log_error(&e))?;
        Ok(u64::try_from(gone).unwrap_or(0))
    }
}

fn recorded(row: &PgRow) -> sqlx::Result<Recorded> {
    let aggregate_id: &str = row.try_get(3)?;
    Ok(Recorded {
        position: row.try_get(0)?,
        leaf_hash: row.try_get(12)?,
        record: Record {
            network: row.try_get(1)?,
            aggregate_type: row.try_get(2)?,
            aggregate_id: aggregate_id
                .parse()
                .map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            sequence: row.try_get(4)?,
            event_type: row.try_get(5)?,
            event_version: row.try_get(6)?,
            payload: row.try_get(7)?,
            metadata: row.try_get(8)?,
            event_id: row.try_get(9)?,
            occurred_at: row.try_get(10)?,
            recorded_at: row.try_get(11)?,
        },
    })
}

/// A number of rows as PostgreSQL counts them.
pub(super) fn bound(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
