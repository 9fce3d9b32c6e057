//! A batch of commands in one SQLite transaction.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use commands::log::{Append, Appended, KeptAnswer, LogError};
use commands::lookup::{KeyKind, LookupWrite};
use domain::envelope::Record;
use futures::future::BoxFuture;
use sqlx::sqlite::SqliteRow;
use sqlx::types::Json;
use sqlx::{Connection as _, Row as _, SqliteConnection, SqlitePool};
use uuid::Uuid;

use super::connection::broken;
use super::lookup;
use super::rows::uuid;
use crate::group_commit::{Engine, Failed};

/// The engine behind the queue of appends.
pub(super) struct Writer {
    pub pool: SqlitePool,
    pub log_id: Uuid,
}

impl Engine for Writer {
    fn commit<'a>(&'a self, batch: &'a [Append]) -> BoxFuture<'a, Result<Vec<Appended>, Failed>> {
        Box::pin(self.write(batch))
    }

    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>> {
        Box::pin(async move { answer_to(&self.pool, command_id).await.map_err(broken) })
    }
}

impl Writer {
    async fn write(&self, batch: &[Append]) -> Result<Vec<Appended>, Failed> {
        // Before the lock, which every other process waits for.
        let hashes = self.leaf_hashes(batch);
        let connection = self.pool.acquire().await;
        let mut connection = connection.map_err(nothing_written)?;
        let transaction = connection.begin_with("BEGIN IMMEDIATE").await;
        let mut transaction = transaction.map_err(nothing_written)?;
        let facts = Facts::of(&mut transaction, batch).await;
        let mut outcome = Outcome::of(batch, &facts.map_err(nothing_written)?, hashes);
        let saved = outcome.save(&mut transaction).await;
        saved.map_err(alarm)?;
        match transaction.commit().await {
            Ok(()) => Ok(outcome.answers),
            Err(error) => {
                tracing::error!(%error, "a COMMIT failed: whether it was written is not known");
                Err(Failed::NotKnown(LogError::Unavailable))
            }
        }
    }

    fn leaf_hashes(&self, batch: &[Append]) -> Vec<Vec<[u8; 32]>> {
        let hash = |record: &Record| record.leaf_hash(self.log_id);
        batch
            .iter()
            .map(|append| append.records.iter().map(hash).collect())
            .collect()
    }
}

/// Versions are checked under the lock, so a broken constraint is a mistake of this program.
fn alarm(error: sqlx::Error) -> Failed {
    if let sqlx::Error::Database(database) = &error
        && database.is_unique_violation()
    {
        tracing::error!(%error, "a unique violation: the log's own checks have missed something");
    }
    nothing_written(error)
}

/// Without a commit SQLite takes everything back.
fn nothing_written(error: sqlx::Error) -> Failed {
    Failed::NothingWritten(broken(error))
}

/// What the database says at the start of the batch.
#[derive(Default)]
struct Facts {
    head: i64,
    answers: HashMap<Uuid, KeptAnswer>,
    /// The version of each stream that the batch names; absent = 0.
    versions: HashMap<Uuid, i64>,
    /// The unique lookup keys of the batch that exist.
    keys: HashSet<(String, String)>,
}

/// All that is asked about a batch, in one message to the connection's thread; the rows of each question
/// begin with its number.
const FACTS: &str = "
    SELECT 0, position FROM log_head;
    SELECT 1, k.command_id, k.request_hash, k.body, k.for_ever, k.position
    FROM json_each($1) AS asked CROSS JOIN kept_answers AS k ON k.command_id = asked.value;
    -- A subquery for each stream finds the end of its index entries without a scan of them.
    SELECT 2, id, version FROM (
        SELECT value AS id,
               (SELECT max(sequence) FROM events WHERE aggregate_id = value) AS version
        FROM json_each($2))
    WHERE version IS NOT NULL;
    SELECT 3, k.kind, k.key FROM json_each($3) AS asked CROSS JOIN lookup_key AS k
    WHERE k.kind = asked.value ->> 0 AND k.key = asked.value ->> 1";

impl Facts {
    async fn of(connection: &mut SqliteConnection, batch: &[Append]) -> Result<Self, sqlx::Error> {
        let answers = batch.iter().filter_map(|append| append.answer.as_ref());
        let commands: Vec<_> = answers.map(|kept| kept.command_id).collect();
        let expects = batch.iter().flat_map(|append| &append.expects);
        let streams: HashSet<Uuid> = expects.map(|expect| expect.stream.id).collect();
        let keys: Vec<_> = unique_keys(batch).collect();
        let rows = sqlx::query(FACTS)
            .bind(Json(commands))
            .bind(Json(streams))
            .bind(Json(keys))
            .fetch_all(connection)
            .await?;
        let mut facts = Self::default();
        for row in &rows {
            match row.try_get(0)? {
                0 => facts.head = row.try_get(1)?,
                1 => {
                    let kept = kept_answer(row)?;
                    facts.answers.insert(kept.command_id, kept);
                }
                2 => {
                    facts.versions.insert(uuid(row, 1)?, row.try_get(2)?);
                }
                _ => {
                    facts.keys.insert((row.try_get(1)?, row.try_get(2)?));
                }
            }
        }
        Ok(facts)
    }

    /// Why a command is not done; `None` = it is.
    fn against(&self, append: &Append) -> Option<Appended> {
        let kept = append.answer.as_ref();
        if let Some(kept) = kept.and_then(|kept| self.answers.get(&kept.command_id)) {
            return Some(Appended::KeyTaken(kept.clone()));
        }
        let version = |id| self.versions.get(&id).copied().unwrap_or(0);
        let mut expects = append.expects.iter();
        if expects.any(|expect| version(expect.stream.id) != expect.version) {
            return Some(Appended::Stale);
        }
        let mut own = HashSet::new();
        unique_keys([append])
            .any(|(kind, key)| {
                !own.insert((kind, key)) || self.keys.contains(&(kind.to_owned(), key.to_owned()))
            })
            .then_some(Appended::LookupTaken)
    }
}

fn unique_keys<'a>(
    appends: impl IntoIterator<Item = &'a Append>,
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let writes = appends.into_iter().flat_map(|append| &append.lookups);
    writes.filter_map(|write| match write {
        LookupWrite::Key { kind, key, .. } => Some((KeyKind::as_str(*kind), key.as_str())),
        LookupWrite::Places { .. } | LookupWrite::Due { .. } => None,
    })
}

/// The answer that is kept to a command.
pub(super) async fn answer_to(
    readers: &SqlitePool,
    command_id: Uuid,
) -> Result<Option<KeptAnswer>, sqlx::Error> {
    let sql = "SELECT 1, command_id, request_hash, body, for_ever, position FROM kept_answers
               WHERE command_id = $1";
    let row = sqlx::query(sql).bind(command_id.hyphenated());
    let row = row.fetch_optional(readers).await?;
    row.as_ref().map(kept_answer).transpose()
}

/// Of a row as `FACTS` gives it.
fn kept_answer(row: &SqliteRow) -> Result<KeptAnswer, sqlx::Error> {
    Ok(KeptAnswer {
        command_id: uuid(row, 1)?,
        request_hash: row.try_get(2)?,
        body: row.try_get(3)?,
        for_ever: row.try_get(4)?,
        position: row.try_get(5)?,
    })
}

/// What is written, and the answer to each command of the batch.
struct Outcome<'a> {
    answers: Vec<Appended>,
    head: i64,
    events: Vec<(i64, &'a Record, [u8; 32])>,
    kept: Vec<(i64, &'a KeptAnswer)>,
    lookups: Vec<&'a LookupWrite>,
}

impl<'a> Outcome<'a> {
    fn of(batch: &'a [Append], facts: &Facts, hashes: Vec<Vec<[u8; 32]>>) -> Self {
        let mut outcome = Self {
            answers: Vec::with_capacity(batch.len()),
            head: facts.head,
            events: Vec::with_capacity(batch.len()),
            kept: Vec::with_capacity(batch.len()),
            lookups: Vec::new(),
        };
        for (append, hashes) in batch.iter().zip(hashes) {
            let answer = facts
                .against(append)
                .unwrap_or_else(|| outcome.take(append, hashes));
            outcome.answers.push(answer);
        }
        outcome
    }

    fn take(&mut self, append: &'a Append, hashes: Vec<[u8; 32]>) -> Appended {
        for (record, hash) in append.records.iter().zip(hashes) {
            self.head += 1;
            self.events.push((self.head, record, hash));
        }
        let position = self.head;
        self.kept
            .extend(append.answer.as_ref().map(|kept| (position, kept)));
        self.lookups.extend(&append.lookups);
        Appended::Done { position }
    }

    async fn save(&mut self, connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
        insert_events(connection, &self.events).await?;
        insert_answers(connection, &self.kept).await?;
        let last = self.events.last();
        let head = last.map(|(position, _, hash)| (*position, hash.as_slice()));
        lookup::write(connection, &self.lookups, head).await
    }
}

/// An INSERT of several rows, in the few sizes whose compiled statements stay in the cache.
struct Insert {
    sizes: Vec<(usize, String)>,
}

impl Insert {
    fn into(table: &str, columns: usize) -> Self {
        let row = format!("({})", vec!["?"; columns].join(","));
        let statement = |rows: usize| {
            let rows_of_parameters = vec![row.as_str(); rows].join(",");
            (
                rows,
                format!("INSERT INTO {table} VALUES {rows_of_parameters}"),
            )
        };
        Self {
            sizes: [256, 64, 16, 4, 1].map(statement).into(),
        }
    }

    /// The largest statement that `rows` rows fill; a single row fills the last.
    fn largest(&self, rows: usize) -> (usize, &str) {
        let fits = self.sizes.iter().find(|(size, _)| *size <= rows);
        fits.map_or((1, ""), |(size, sql)| (*size, sql))
    }
}

async fn insert_events(
    connection: &mut SqliteConnection,
    mut events: &[(i64, &Record, [u8; 32])],
) -> Result<(), sqlx::Error> {
    static INSERT: LazyLock<Insert> = LazyLock::new(|| {
        Insert::into(
            "events (position, network, aggregate_type, aggregate_id, sequence, event_type,
                     event_version, payload, metadata, event_id, occurred_at, recorded_at,
                     leaf_hash)",
            13,
        )
    });
    while !events.is_empty() {
        let (size, sql) = INSERT.largest(events.len());
        let (now, later) = events.split_at(size);
        let mut query = sqlx::query(sql);
        for (position, record, hash) in now {
            query = query
                .bind(position)
                .bind(&record.network)
                .bind(&record.aggregate_type)
                .bind(record.aggregate_id.hyphenated())
                .bind(record.sequence)
                .bind(&record.event_type)
                .bind(&record.event_version)
                .bind(&record.payload)
                .bind(&record.metadata)
                .bind(record.event_id.hyphenated())
                .bind(record.occurred_at.timestamp_micros())
                .bind(record.recorded_at.timestamp_micros())
                .bind(hash.as_slice());
        }
        query.execute(&mut *connection).await?;
        events = later;
    }
    Ok(())
}

async fn insert_answers(
    connection: &mut SqliteConnection,
    mut answers: &[(i64, &KeptAnswer)],
) -> Result<(), sqlx::Error> {
    static INSERT: LazyLock<Insert> = LazyLock::new(|| {
        Insert::into(
            "kept_answers (command_id, request_hash, body, for_ever, position)",
            5,
        )
    });
    while !answers.is_empty() {
        let (size, sql) = INSERT.largest(answers.len());
        let (now, later) = answers.split_at(size);
        let mut query = sqlx::query(sql);
        for (position, kept) in now {
            query = query
                .bind(kept.command_id.hyphenated())
                .bind(&kept.request_hash)
                .bind(&kept.body)
                .bind(kept.for_ever)
                .bind(position);
        }
        query.execute(&mut *connection).await?;
        answers = later;
    }
    Ok(())
}
