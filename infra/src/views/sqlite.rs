//! The read store on SQLite: one file that can be thrown away and built anew.

use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use projections::fold::Model;
use projections::store::{Change, Checkpoint, Copy, Query, ReadStore, Snapshot, StoreError};
use projections::table::Table;
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, TransactionBehavior, params};
use tokio::sync::Mutex;

use super::{LIVE, LIVE_CHECKPOINT, physical};

mod answer;
mod connections;
mod copies;
mod keeper;
mod saves;
mod write;

use answer::{answer, unsaid};
use connections::{Connections, Recipe};
use copies::{forget, make_copy, make_indexes, older, show};
use keeper::Keeper;
use saves::{Save, Saves};

/// How many readers may read at once.
const READERS: usize = 4;
/// Views can be rebuilt, so a transaction that a power cut loses is folded in again.
const READS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL";
/// What the writer keeps in memory is in KiB, negative as SQLite wants it: rows that change lie on pages
/// all over the file. It is part of what all connections share, as `sqlite::connection` says.
/// The write-ahead log is carried back by `keeper`; should it fail, SQLite does it at 64,000 pages.
const WRITES: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
     PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 64000";
/// What fails is thrown away as a whole: nothing is ever rolled back.
const THROWN_AWAY: &str =
    "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768";

/// A read store in a file or in memory.
#[derive(Clone)]
pub struct SqliteViews {
    writer: Connections,
    readers: Connections,
    saves: Saves,
    /// Making indexes of long tables takes longer than anybody waits for the writer: who has a copy to
    /// switch to waits here for the others, however long that is.
    switching: Arc<Mutex<()>>,
}

impl SqliteViews {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// If it cannot be opened.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let writer = Connections::new(1, Recipe::new(path, WRITES));
        let aside = Connections::new(1, Recipe::new(path, READS));
        let keeper = Keeper::new(aside, writer.clone());
        Self {
            saves: Saves::together(writer.clone(), keeper),
            writer,
            readers: Connections::new(READERS, Recipe::new(path, READS)),
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
        Self::private(Recipe::new(":memory:", "")).await
    }

    /// A store that lives as long as this value and lies in a file without a name, so that a long
    /// log needs disk and not memory; for verifying and for looking back.
    ///
    /// # Errors
    /// If the folder for temporary files cannot be written.
    pub async fn throwaway() -> Result<Self, StoreError> {
        // A database whose name is empty is SQLite's own temporary file, which nobody else sees
        // and which is gone when it is closed.
        Self::private(Recipe::new("", THROWN_AWAY)).await
    }

    /// Over one connection, because what it sees nobody else does.
    async fn private(recipe: Recipe) -> Result<Self, StoreError> {
        let only = Connections::new(1, recipe);
        Self {
            saves: Saves::one_by_one(only.clone()),
            writer: only.clone(),
            readers: only,
            switching: Arc::default(),
        }
        .prepared()
        .await
    }

    async fn prepared(self) -> Result<Self, StoreError> {
        let prepared = self.writer.run(|connection| {
            connection.execute_batch(
                "CREATE TABLE IF NOT EXISTS read_model (
                     name TEXT PRIMARY KEY, live INTEGER NOT NULL);
                 CREATE TABLE IF NOT EXISTS read_model_copy (
                     number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
                     version INTEGER NOT NULL, log_id TEXT NOT NULL, position INTEGER NOT NULL,
                     leaf_hash TEXT NOT NULL, recorded_at INTEGER NOT NULL);",
            )
        });
        prepared.await?;
        Ok(self)
    }

    /// Changes what copies there are, in one transaction.
    async fn change<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let done = self.writer.run(|connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let done = job(&tx)?;
            tx.commit()?;
            Ok(done)
        });
        done.await
    }
}

impl ReadStore for SqliteViews {
    fn live(&self, name: &'static str) -> BoxFuture<'_, Result<Option<(Copy, u32)>, StoreError>> {
        Box::pin(self.writer.run(move |connection| {
            let live = connection.query_row(LIVE, [name], |row| {
                let number = row.get(0)?;
                Ok((Copy { name, number }, row.get(1)?))
            });
            live.optional()
        }))
    }

    fn beside(&self, model: Model, tables: Vec<Table>) -> BoxFuture<'_, Result<Copy, StoreError>> {
        Box::pin(self.change(move |tx| make_copy(tx, model, &tables)))
    }

    fn switch(&self, to: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let _one_at_a_time = self.switching.lock().await;
            for table in &tables {
                let (to, table) = (to.clone(), *table);
                let made = self
                    .writer
                    .run(move |connection| make_indexes(connection, &to, &table));
                made.await?;
            }
            let switched = self.change(move |tx| {
                show(tx, &to, &tables)?;
                for old in older(tx, &to)? {
                    forget(tx, &old, &tables)?;
                }
                Ok(())
            });
            switched.await
        })
    }

    fn drop_copy(&self, copy: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.change(move |tx| forget(tx, &copy, &tables)))
    }

    fn checkpoint(&self, copy: Copy) -> BoxFuture<'_, Result<Checkpoint, StoreError>> {
        Box::pin(self.readers.run(move |connection| {
            let sql = "SELECT log_id, position, leaf_hash, recorded_at FROM read_model_copy
                       WHERE number = $1";
            connection.query_row(sql, [copy.number], checkpoint)
        }))
    }

    fn load(
        &self,
        copy: Copy,
        table: Table,
        keys: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(self.readers.run(move |connection| {
            let sql = format!(
                "SELECT {} FROM {} WHERE key IN (SELECT value FROM json_each($1))",
                object(&table),
                physical(&table, &copy)
            );
            let keys = serde_json::to_string(&keys).map_err(unsaid)?;
            let mut load = connection.prepare_cached(&sql)?;
            let found = load.query_map([keys], |row| row.get(0))?;
            found.collect()
        }))
    }

    fn save(
        &self,
        copy: Copy,
        from: i64,
        next: Checkpoint,
        changes: Vec<Change>,
    ) -> BoxFuture<'_, Result<bool, StoreError>> {
        Box::pin(self.saves.save(Save {
            copy,
            from,
            next,
            changes,
        }))
    }

    fn scan(
        &self,
        copy: Copy,
        table: Table,
        after: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(self.readers.run(move |connection| {
            let sql = format!(
                "SELECT {} FROM {} WHERE key > $1 ORDER BY key LIMIT $2",
                object(&table),
                physical(&table, &copy)
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let mut scan = connection.prepare_cached(&sql)?;
            let found = scan.query_map(params![after, limit], |row| row.get(0))?;
            found.collect()
        }))
    }

    fn query(
        &self,
        model: Model,
        queries: Vec<Query>,
    ) -> BoxFuture<'_, Result<Snapshot, StoreError>> {
        Box::pin(async move {
            let snapshot = self.readers.run(move |connection| {
                let tx = connection.transaction()?;
                let mut live = tx.prepare_cached(LIVE_CHECKPOINT)?;
                let live = live.query_row(params![model.name, model.version], checkpoint);
                let Some(checkpoint) = live.optional()? else {
                    return Ok(None);
                };
                let found = queries.iter().map(|query| answer(&tx, query));
                let found = found.collect::<Result<_, _>>()?;
                Ok(Some(Snapshot { found, checkpoint }))
            });
            snapshot.await?.ok_or(StoreError::Building)
        })
    }
}

/// A row as a JSON object with the columns in order of declaration.
fn object(table: &Table) -> String {
    let field = |column: &projections::table::Column| format!("'{0}', {0}", column.name);
    let fields: Vec<_> = table.columns.iter().map(field).collect();
    format!("json_object({})", fields.join(", "))
}

fn checkpoint(row: &Row<'_>) -> rusqlite::Result<Checkpoint> {
    let log_id: String = row.get("log_id")?;
    let log_id = log_id.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error))
    })?;
    Ok(Checkpoint {
        log_id,
        position: row.get("position")?,
        leaf_hash: row.get("leaf_hash")?,
        recorded_at: DateTime::<Utc>::from_timestamp_micros(row.get("recorded_at")?)
            .unwrap_or_default(),
    })
}
