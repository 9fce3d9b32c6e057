//! The read store on PostgreSQL, in the schema `views`.
//!
//! An answer is one statement, and so one snapshot and one message each way. It names the table
//! `read_model` first, and PostgreSQL locks what a statement names in that order before it takes its
//! snapshot; a switch of copies locks that table alone. So no answer mixes two copies, and neither side
//! waits for the other in the wrong order.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use projections::fold::Model;
use projections::store::{
    Arg, Change, Checkpoint, Copy, Found, Query, ReadStore, Snapshot, StoreError,
};
use projections::table::{Column, Table};
use sqlx::postgres::{PgConnection, PgPool, PgRow};
use sqlx::{Executor as _, Postgres, Row as _, Transaction};
use uuid::Uuid;

use super::{LIVE, OLDER, SHOW, analysts, declarations, indexes, physical};
use crate::postgres::error::{is_away, sqlstate};

mod text;
mod write;

use text::{OF_CHECKPOINT, all_of};
use write::{MOVE, are_few, moving, write, write_at_once};

/// The SQLSTATE of a lock that was not to be had in time.
const LOCK_NOT_AVAILABLE: &str = "55P03";
/// The SQLSTATE of whoever is given up so that another can go on.
const DEADLOCK: &str = "40P01";
/// How often a switch tries to find a moment between long reads.
const SWITCH_TRIES: u32 = 20;
/// How long it lets readers go first between two tries.
const BETWEEN_TRIES: Duration = Duration::from_millis(100);

/// Views can be built anew, so a commit need not wait for the disk: rows and checkpoint are lost
/// together or not at all.
const BEGIN_WRITE: &str = "BEGIN; SET LOCAL synchronous_commit = off";
/// One process at a time makes and drops tables.
const BEGIN_CHANGE: &str = "BEGIN; SET LOCAL lock_timeout = '2s';
    SELECT pg_advisory_xact_lock(hashtext('sospeso'), hashtext('views'))";
/// Indexes of a long history take as long as they take; nobody reads that copy yet.
const BEGIN_INDEXES: &str = "BEGIN; SET LOCAL statement_timeout = 0";

/// A read store in a database that other processes share.
#[derive(Clone)]
pub struct PgViews {
    pool: PgPool,
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn failed(error: sqlx::Error) -> StoreError {
    if is_away(&error) && sqlstate(&error).as_deref() != Some(LOCK_NOT_AVAILABLE) {
        tracing::warn!(%error, "the views are away");
        return StoreError::Unavailable;
    }
    StoreError::Broken(error.to_string())
}

/// Whether others hold, just now, what a change needs.
fn is_in_the_way(error: &sqlx::Error) -> bool {
    matches!(
        sqlstate(error).as_deref(),
        Some(LOCK_NOT_AVAILABLE | DEADLOCK)
    )
}

impl PgViews {
    /// What every session is told before it answers queries. A query is planned once per connection and
    /// not for each of its values: planning one with many conditions takes longer than answering it. What
    /// depends on values is settled in its text. All find their rows by indexes, whereas a planner
    /// that expects a slow disk would read whole tables.
    pub const SESSION: &str = "SET search_path = views; SET plan_cache_mode = force_generic_plan;
        SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off;
        SET jit = off;";

    /// Takes a pool whose sessions were told [`Self::SESSION`] and may create tables in the schema
    /// `views`, and makes what is missing: the schema, if they may, and the list of copies.
    ///
    /// # Errors
    /// If the database is away, or the schema is missing and may not be made.
    pub async fn prepare(pool: PgPool) -> Result<Self, StoreError> {
        let views = Self { pool };
        let mut first = views.pool.acquire().await.map_err(failed)?;
        // Asked first, because CREATE SCHEMA needs a right even where it would do nothing.
        let exists: bool = sqlx::query_scalar("SELECT to_regnamespace('views') IS NOT NULL")
            .fetch_one(&mut *first)
            .await
            .map_err(failed)?;
        if !exists {
            let make = "CREATE SCHEMA IF NOT EXISTS views";
            first.execute(make).await.map_err(failed)?;
        }
        drop(first);
        let mut tx = views.begin(BEGIN_CHANGE).await?;
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS read_model (
                 name text COLLATE \"C\" PRIMARY KEY, live bigint NOT NULL);
             CREATE TABLE IF NOT EXISTS read_model_copy (
                 number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                 name text COLLATE \"C\" NOT NULL, version bigint NOT NULL, log_id uuid NOT NULL,
                 position bigint NOT NULL, leaf_hash text NOT NULL, recorded_at bigint NOT NULL);",
        )
        .execute(&mut *tx)
        .await
        .map_err(failed)?;
        tx.commit().await.map_err(failed)?;
        Ok(views)
    }

    async fn begin(
        &self,
        statement: &'static str,
    ) -> Result<Transaction<'static, Postgres>, StoreError> {
        self.pool.begin_with(statement).await.map_err(failed)
    }

    async fn try_switch(&self, to: &Copy, tables: &[Table]) -> Result<(), sqlx::Error> {
        let mut tx = self.pool.begin_with(BEGIN_CHANGE).await?;
        tx.execute("LOCK TABLE read_model IN ACCESS EXCLUSIVE MODE")
            .await?;
        show(&mut tx, to, tables).await?;
        let (name, older) = (to.name, sqlx::query_scalar(OLDER).bind(to.name));
        for number in older.bind(to.number).fetch_all(&mut *tx).await? {
            forget(&mut tx, &Copy { name, number }, tables).await?;
        }
        tx.commit().await
    }
}

async fn make_copy(
    on: &mut PgConnection,
    model: Model,
    tables: &[Table],
) -> Result<Copy, sqlx::Error> {
    let number = sqlx::query_scalar(
        "INSERT INTO read_model_copy (name, version, log_id, position, leaf_hash, recorded_at)
         VALUES ($1, $2, $3, 0, '', 0) RETURNING number",
    )
    .bind(model.name)
    .bind(i64::from(model.version))
    .bind(Checkpoint::start().log_id)
    .fetch_one(&mut *on)
    .await?;
    let copy = Copy {
        name: model.name,
        number,
    };
    for table in tables {
        let physical = physical(table, &copy);
        let declarations = declarations(table, "text COLLATE \"C\"", "bigint");
        let make = format!("CREATE TABLE {physical} ({declarations}, PRIMARY KEY (key))");
        on.execute(make.as_str()).await?;
    }
    Ok(copy)
}

/// Apart from the tables, because rows go into a table without them twice as fast.
async fn make_indexes(
    on: &mut PgConnection,
    copy: &Copy,
    tables: &[Table],
) -> Result<(), sqlx::Error> {
    for table in tables {
        for make in indexes(table, copy) {
            on.execute(make.as_str()).await?;
        }
        let physical = physical(table, copy);
        // A table that was filled at once is unknown to the planner, which then reads all of it.
        on.execute(format!("ANALYZE {physical}").as_str()).await?;
    }
    Ok(())
}

async fn show(on: &mut PgConnection, copy: &Copy, tables: &[Table]) -> Result<(), sqlx::Error> {
    let (name, number) = (copy.name, copy.number);
    let show = sqlx::query(SHOW).bind(name).bind(number);
    show.execute(&mut *on).await?;
    for table in tables {
        let (name, physical) = (table.name, physical(table, copy));
        // What analysts see depends on it and is made anew below.
        let hide = format!("DROP VIEW IF EXISTS {name} CASCADE");
        on.execute(hide.as_str()).await?;
        let show = format!("CREATE VIEW {name} AS SELECT * FROM {physical}");
        on.execute(show.as_str()).await?;
    }
    for (view, select) in analysts::of(copy.name) {
        let show = format!("CREATE VIEW {view} AS {select}");
        on.execute(show.as_str()).await?;
        on.execute(analysts::grant(view).as_str()).await?;
    }
    Ok(())
}

/// The tables first and then the checkpoint, in the order in which a projector's statement locks them: the
/// other way round the two would wait for each other.
async fn forget(on: &mut PgConnection, copy: &Copy, tables: &[Table]) -> Result<(), sqlx::Error> {
    for table in tables {
        let drop = format!("DROP TABLE IF EXISTS {}", physical(table, copy));
        on.execute(drop.as_str()).await?;
    }
    sqlx::query("DELETE FROM read_model_copy WHERE number = $1")
        .bind(copy.number)
        .execute(&mut *on)
        .await?;
    Ok(())
}

impl ReadStore for PgViews {
    fn live(&self, name: &'static str) -> BoxFuture<'_, Result<Option<(Copy, u32)>, StoreError>> {
        Box::pin(async move {
            let live: Option<(i64, i64)> = sqlx::query_as(LIVE)
                .bind(name)
                .fetch_optional(&self.pool)
                .await
                .map_err(failed)?;
            let Some((number, made_by)) = live else {
                return Ok(None);
            };
            let made_by = u32::try_from(made_by).map_err(StoreError::broken)?;
            Ok(Some((Copy { name, number }, made_by)))
        })
    }

    fn beside(&self, model: Model, tables: Vec<Table>) -> BoxFuture<'_, Result<Copy, StoreError>> {
        Box::pin(async move {
            let mut tx = self.begin(BEGIN_CHANGE).await?;
            let copy = make_copy(&mut tx, model, &tables).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            Ok(copy)
        })
    }

    fn switch(&self, to: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            // Before anybody waits for the switch.
            let mut tx = self.begin(BEGIN_INDEXES).await?;
            make_indexes(&mut tx, &to, &tables).await.map_err(failed)?;
            tx.commit().await.map_err(failed)?;
            for _ in 1..SWITCH_TRIES {
                match self.try_switch(&to, &tables).await {
                    // Somebody reads for longer than we make others wait behind us, or waits for us.
                    Err(error) if is_in_the_way(&error) => {
                        tokio::time::sleep(BETWEEN_TRIES).await;
                    }
                    done => return done.map_err(failed),
                }
            }
            self.try_switch(&to, &tables).await.map_err(failed)
        })
    }

    fn drop_copy(&self, copy: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            let mut tx = self.begin(BEGIN_CHANGE).await?;
            forget(&mut tx, &copy, &tables).await.map_err(failed)?;
            tx.commit().await.map_err(failed)
        })
    }

    fn checkpoint(&self, copy: Copy) -> BoxFuture<'_, Result<Checkpoint, StoreError>> {
        Box::pin(async move {
            let row = sqlx::query(
                "SELECT log_id, position, leaf_hash, recorded_at FROM views.read_model_copy
                 WHERE number = $1",
            )
            .bind(copy.number)
            .fetch_one(&self.pool)
            .await
            .map_err(failed)?;
            checkpoint(&row).map_err(failed)
        })
    }

    fn load(
        &self,
        copy: Copy,
        table: Table,
        keys: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>> {
        Box::pin(async move {
            let physical = physical(&table, &copy);
            let sql =
                format!("SELECT row_to_json(t)::text FROM views.{physical} t WHERE key = ANY($1)");
            let found = sqlx::query_scalar(&sql).bind(keys).fetch_all(&self.pool);
            found.await.map_err(failed)
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
            if are_few(&changes) {
                let written = write_at_once(&self.pool, &copy, from, &next, &changes).await;
                return written.map_err(failed);
            }
            let mut tx = self.begin(BEGIN_WRITE).await?;
            let moved = moving(sqlx::query(MOVE), &copy, from, &next)
                .execute(&mut *tx)
                .await
                .map_err(failed)?;
            if moved.rows_affected() == 0 {
                return Ok(false);
            }
            for change in &changes {
                write(&mut tx, &copy, change).await.map_err(failed)?;
            }
            tx.commit().await.map_err(failed)?;
            Ok(true)
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
                "SELECT {} FROM views.{} WHERE key > $1 ORDER BY key LIMIT $2",
                object(&table),
                physical(&table, &copy)
            );
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            let found = sqlx::query_scalar(&sql).bind(after).bind(limit);
            found.fetch_all(&self.pool).await.map_err(failed)
        })
    }

    fn query(
        &self,
        model: Model,
        queries: Vec<Query>,
    ) -> BoxFuture<'_, Result<Snapshot, StoreError>> {
        Box::pin(async move {
            let sql = all_of(&queries);
            let ask = sqlx::query(&sql).bind(model.name);
            let ask = ask.bind(i64::from(model.version));
            let args = queries.iter().flat_map(|query| &query.args);
            let ask = args.fold(ask, |ask, arg| match arg {
                Arg::Text(text) => ask.bind(text),
                Arg::Integer(number) => ask.bind(number),
                Arg::Null => ask.bind(Option::<String>::None),
            });
            let row = ask.fetch_optional(&self.pool).await.map_err(failed)?;
            let row = row.ok_or(StoreError::Building)?;
            let found = (OF_CHECKPOINT..row.len()).map(|place| row.try_get(place).map(Found));
            let found: Result<_, _> = found.collect();
            Ok(Snapshot {
                found: found.map_err(failed)?,
                checkpoint: checkpoint(&row).map_err(failed)?,
            })
        })
    }
}

/// A row as a JSON object with the columns in order of declaration and no blanks, as SQLite's
/// `json_object` writes it: `to_json` escapes the same characters in the same way.
fn object(table: &Table) -> String {
    let field = |column: &Column| {
        let name = column.name;
        format!(r#"'"{name}":' || coalesce(to_json({name})::text, 'null')"#)
    };
    let fields: Vec<_> = table.columns.iter().map(field).collect();
    format!("'{{' || {} || '}}'", fields.join(" || ',' || "))
}

fn checkpoint(row: &PgRow) -> Result<Checkpoint, sqlx::Error> {
    let recorded_at: i64 = row.try_get("recorded_at")?;
    Ok(Checkpoint {
        log_id: row.try_get::<Uuid, _>("log_id")?,
        position: row.try_get("position")?,
        leaf_hash: row.try_get("leaf_hash")?,
        recorded_at: DateTime::<Utc>::from_timestamp_micros(recorded_at).unwrap_or_default(),
    })
}
