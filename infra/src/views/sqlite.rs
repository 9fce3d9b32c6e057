//! The read store on SQLite: one file that can be thrown away and built anew.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use projections::fold::Model;
use projections::store::{
    Arg, Change, Checkpoint, Copy, Found, Query, ReadStore, Snapshot, StoreError,
};
use projections::table::Table;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{Column as _, Row as _, TypeInfo as _, ValueRef as _};
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{LIVE, LIVE_CHECKPOINT, OLDER, STATEMENTS, physical};
use crate::sqlite::{is_away, is_busy, only_settled};

mod copies;
mod keeper;
mod saves;
mod write;

use copies::{forget, make_copy, make_indexes, show};
use keeper::{Keeper, TOO_MANY_PAGES};
use saves::{Save, Saves};

/// How long a writer waits for another process.
const BUSY: Duration = Duration::from_secs(10);
/// How many readers may read at once.
const READERS: u32 = 4;
/// What the writer keeps in memory, in KiB, negative as SQLite wants it: rows that change lie on pages
/// all over the file. It is part of what all connections share, as `sqlite::connection` says.
const CACHE: &str = "-32768";

/// A read store in a file or in memory.
#[derive(Clone)]
pub struct SqliteViews {
    writer: SqlitePool,
    reader: SqlitePool,
    saves: Saves,
    /// Making indexes of long tables takes longer than anybody waits for the writer: who has a copy to
    /// switch to waits here for the others, however long that is.
    switching: Arc<Mutex<()>>,
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: sqlx::Error) -> StoreError {
    if is_busy(&error) || is_away(&error) {
        tracing::warn!(%error, "the views are away, or their disk takes no more");
        return StoreError::Unavailable;
    }
    StoreError::Broken(error.to_string())
}

impl SqliteViews {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // Views can be rebuilt, so a transaction that a power cut loses is folded in again.
            .synchronous(SqliteSynchronous::Normal)
            .busy_timeout(BUSY);
        let pool = only_settled(SqlitePoolOptions::new().acquire_timeout(BUSY));
        let one = pool.clone().max_connections(1);
        let writing = options
            .clone()
            .pragma("cache_size", CACHE)
            // What a statement that writes many rows needs to be taken back would else go through a file.
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", TOO_MANY_PAGES)
            .statement_cache_capacity(STATEMENTS);
        let writer = one.clone().connect_with(writing).await.map_err(failed)?;
        let aside = one.connect_lazy_with(options.clone());
        let keeper = Keeper::new(aside, writer.clone());
        let reader = pool
            .max_connections(READERS)
            .connect_with(options)
            .await
            .map_err(failed)?;
        Self {
            saves: Saves::together(writer.clone(), keeper),
            writer,
            reader,
            switching: Arc::default(),
        }
        .prepared()
        .await
    }

    /// A store in memory that lives as long as this value, for what is small.
    ///
    /// # Errors
    /// If memory cannot be had.
    pub async fn memory() -> Result<Self, StoreError> {
        Self::private(SqliteConnectOptions::new().in_memory(true)).await
    }

    /// A store that lives as long as this value and lies in a file without a name, so that a long
    /// log needs disk and not memory; for verifying and for looking back.
    ///
    /// # Errors
    /// If the folder for temporary files cannot be written.
    pub async fn throwaway() -> Result<Self, StoreError> {
        // A database whose name is empty is SQLite's own temporary file, which nobody else sees
        // and which is gone when it is closed.
        let options = SqliteConnectOptions::new()
            .filename("")
            .create_if_missing(true)
            .synchronous(SqliteSynchronous::Off)
            // What fails is thrown away as a whole: nothing is ever rolled back.
            .journal_mode(SqliteJournalMode::Off)
            .pragma("cache_size", CACHE);
        Self::private(options).await
    }

    /// Over one connection that is never closed, because what it sees nobody else does.
    async fn private(options: SqliteConnectOptions) -> Result<Self, StoreError> {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options)
            .await
            .map_err(failed)?;
        Self {
            saves: Saves::one_by_one(pool.clone()),
            writer: pool.clone(),
            reader: pool,
            switching: Arc::default(),
        }
        .prepared()
        .await
    }

    async fn prepared(self) -> Result<Self, StoreError> {
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS read_model (
                 name TEXT PRIMARY KEY, live INTEGER NOT NULL);
             CREATE TABLE IF NOT EXISTS read_model_copy (
                 number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
                 version INTEGER NOT NULL, log_id TEXT NOT NULL, position INTEGER NOT NULL,
                 leaf_hash TEXT NOT NULL, recorded_at INTEGER NOT NULL);",
        )
        .execute(&self.writer)
        .await
        .map_err(failed)?;
        Ok(self)
    }
}

impl ReadStore for SqliteViews {
    fn live(&self, name: &'static str) -> BoxFuture<'_, Result<Option<(Copy, u32)>, StoreError>> {
        Box::pin(async move {
            let live: Option<(i64, u32)> = sqlx::query_as(LIVE)
                .bind(name)
                .fetch_optional(&self.writer)
                .await
                .map_err(failed)?;
            Ok(live.map(|(number, made_by)| (Copy { name, number }, made_by)))
        })
    }

    fn beside(&self, model: Model, tables: Vec<Table>) -> BoxFuture<'_, Result<Copy, StoreError>> {
        Box::pin(async move {
            let mut tx = self
                .writer
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(failed)?;
            let copy = make_copy(&mut tx, model, &tables).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            Ok(copy)
        })
    }

    fn switch(&self, to: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let _one_at_a_time = self.switching.lock().await;
            for table in &tables {
                let mut writer = self.writer.acquire().await.map_err(failed)?;
                let made = make_indexes(&mut writer, &to, table).await;
                made.map_err(failed)?;
            }
            let mut tx = self
                .writer
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(failed)?;
            show(&mut tx, &to, &tables).await.map_err(failed)?;
            let (name, older) = (to.name, sqlx::query_scalar(OLDER).bind(to.name));
            let older = older.bind(to.number).fetch_all(&mut *tx).await;
            for number in older.map_err(failed)? {
                let old = Copy { name, number };
                forget(&mut tx, &old, &tables).await.map_err(failed)?;
            }
            tx.commit().await.map_err(failed)
        })
    }

    fn drop_copy(&self, copy: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let mut tx = self
                .writer
                .begin_with("BEGIN IMMEDIATE")
                .await
                .map_err(failed)?;
            forget(&mut tx, &copy, &tables).await.map_err(failed)?;
            tx.commit().await.map_err(failed)
        })
    }

    fn checkpoint(&self, copy: Copy) -> BoxFuture<'_, Result<Checkpoint, StoreError>> {
        Box::pin(async move {
            let row = sqlx::query(
                "SELECT log_id, position, leaf_hash, recorded_at FROM read_model_copy
                 WHERE number = $1",
            )
            .bind(copy.number)
            .fetch_one(&self.reader)
            .await
            .map_err(failed)?;
            checkpoint(&row)
        })
    }

    fn load(
        &self,
        copy: Copy,
        table: Table,
        keys: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT {} FROM {} WHERE key IN (SELECT value FROM json_each($1))",
                object(&table),
                physical(&table, &copy)
            );
            let keys = serde_json::to_string(&keys).map_err(StoreError::broken)?;
            let found = sqlx::query_scalar(&sql)
                .bind(keys)
                .fetch_all(&self.reader)
                .await;
            found.map_err(failed)
        })
    }

    fn save(
        &self,
        copy: Copy,
        from: i64,
        next: Checkpoint,
        changes: Vec<Change>,
    ) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(async move {
            let save = Save {
                copy,
                from,
                next,
                changes,
            };
            self.saves.save(save).await
        })
    }

    fn scan(
        &self,
        copy: Copy,
        table: Table,
        after: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            let sql = format!(
                "SELECT {} FROM {} WHERE key > $1 ORDER BY key LIMIT $2",
                object(&table),
                physical(&table, &copy)
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = sqlx::query_scalar(&sql).bind(after).bind(limit);
            found.fetch_all(&self.reader).await.map_err(failed)
        })
    }

    fn query(
        &self,
        model: Model,
        queries: Vec<Query>,
    ) -> BoxFuture<'_, Result<Snapshot, StoreError>> {
        Box::pin(async move {
            let mut tx = self.reader.begin().await.map_err(failed)?;
            let live = sqlx::query(LIVE_CHECKPOINT)
                .bind(model.name)
                .bind(model.version)
                .fetch_optional(&mut *tx)
                .await
                .map_err(failed)?;
            let checkpoint = checkpoint(&live.ok_or(StoreError::Building)?)?;
            let mut found = Vec::with_capacity(queries.len());
            for query in queries {
                let rows = bound(&query).fetch_all(&mut *tx).await.map_err(failed)?;
                found.push(as_json(&rows)?);
            }
            Ok(Snapshot { found, checkpoint })
        })
    }
}

/// A row as a JSON object with the columns in order of declaration.
fn object(table: &Table) -> String {
    let field = |column: &projections::table::Column| format!("'{0}', {0}", column.name);
    let fields: Vec<_> = table.columns.iter().map(field).collect();
    format!("json_object({})", fields.join(", "))
}

fn checkpoint(row: &SqliteRow) -> Result<Checkpoint, StoreError> {
    let log_id: String = row.try_get("log_id").map_err(failed)?;
    let recorded_at: i64 = row.try_get("recorded_at").map_err(failed)?;
    Ok(Checkpoint {
        log_id: log_id.parse::<Uuid>().map_err(StoreError::broken)?,
        position: row.try_get("position").map_err(failed)?,
        leaf_hash: row.try_get("leaf_hash").map_err(failed)?,
        recorded_at: DateTime::<Utc>::from_timestamp_micros(recorded_at).unwrap_or_default(),
    })
}

fn bound(query: &Query) -> sqlx::query::Query<'_, sqlx::Sqlite, SqliteArguments<'_>> {
    query
        .args
        .iter()
        .fold(sqlx::query(query.sql), |bound, arg| match arg {
            Arg::Text(text) => bound.bind(text),
            Arg::Integer(number) => bound.bind(number),
            Arg::Null => bound.bind(Option::<String>::None),
        })
}

/// Rows as PostgreSQL's `json_agg` answers them.
fn as_json(rows: &[SqliteRow]) -> Result<Found, StoreError> {
    let columns = rows.first().map_or(&[][..], |row| row.columns());
    let names: Result<Vec<_>, _> = columns
        .iter()
        .map(|column| serde_json::to_string(column.name()))
        .collect();
    let names = names.map_err(StoreError::broken)?;
    let mut json = b"[".to_vec();
    for row in rows {
        json.extend(if json.len() > 1 { b",{" } else { &b"{"[..] });
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                json.push(b',');
            }
            json.extend(name.as_bytes());
            json.push(b':');
            write_value(&mut json, row, place)?;
        }
        json.push(b'}');
    }
    json.push(b']');
    String::from_utf8(json)
        .map(Found)
        .map_err(StoreError::broken)
}

fn write_value(json: &mut Vec<u8>, row: &SqliteRow, place: usize) -> Result<(), StoreError> {
    let raw = row.try_get_raw(place).map_err(failed)?;
    let written = match raw.type_info().name() {
        _ if raw.is_null() => serde_json::to_writer(json, &()),
        "INTEGER" | "BOOLEAN" | "BIGINT" => {
            let number: i64 = row.try_get(place).map_err(failed)?;
            serde_json::to_writer(json, &number)
        }
        "REAL" => {
            let number: f64 = row.try_get(place).map_err(failed)?;
            serde_json::to_writer(json, &number)
        }
        _ => {
            let text: &str = row.try_get(place).map_err(failed)?;
            serde_json::to_writer(json, text)
        }
    };
    written.map_err(StoreError::broken)
}
