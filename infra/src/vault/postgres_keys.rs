//! The table of wrapped keys in PostgreSQL: in a database of its own, or in the schema `keys`
//! beside the log. What was destroyed is still in backups of that database until they expire.

use std::time::Duration;

use commands::vault::VaultError;
use futures::future::BoxFuture;
use sqlx::Row as _;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions, PgRow};
use sqlx::{ConnectOptions as _, Connection as _};
use uuid::Uuid;

use super::keys::{Kept, KeyTable};

/// How long anybody waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(2);
const CONNECTIONS: u32 = 4;

/// Wrapped keys in PostgreSQL.
pub struct PgKeys {
    pool: PgPool,
}

impl PgKeys {
    /// Opens the table in this database; an owner's login makes it first if it is missing.
    ///
    /// # Errors
    /// If the database is away, or the table is missing and this login may not make it.
    pub async fn connect(url: &str) -> Result<Self, VaultError> {
        let options: PgConnectOptions = url.parse().map_err(failed)?;
        let options = options.application_name("sospeso keys");
        let mut first = options.connect().await.map_err(failed)?;
        if !is_made(&mut first).await.map_err(failed)? {
            make(&mut first).await.map_err(failed)?;
        }
        first.close().await.map_err(failed)?;
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .connect_lazy_with(options);
        Ok(Self { pool })
    }

    /// Makes the table and grants its use to the application's role, if this database has one.
    /// Repeatable; where keys lie beside the log, the log is migrated first.
    ///
    /// # Errors
    /// If the database is away, or the login may not make a schema in it.
    pub async fn migrate(owner_url: &str) -> Result<(), VaultError> {
        let options: PgConnectOptions = owner_url.parse().map_err(failed)?;
        let mut connection = options.connect().await.map_err(failed)?;
        make(&mut connection).await.map_err(failed)?;
        connection.close().await.map_err(failed)
    }

    async fn row(&self, key_id: Uuid) -> Result<Option<Kept>, VaultError> {
        let row = sqlx::query("SELECT wrapped, blocked FROM keys.key WHERE key_id = $1")
            .bind(key_id)
            .fetch_optional(&self.pool)
            .await
            .map_err(failed)?;
        row.as_ref().map(kept).transpose().map_err(failed)
    }

    async fn insert(&self, key_id: Uuid, wrapped: Vec<u8>) -> Result<Kept, VaultError> {
        sqlx::query(
            "INSERT INTO keys.key (key_id, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(key_id)
        .bind(wrapped)
        .execute(&self.pool)
        .await
        .map_err(failed)?;
        let row = self.row(key_id).await?;
        row.ok_or_else(|| VaultError::Broken(format!("the key {key_id} was not added")))
    }
}

async fn is_made(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'keys' AND c.relname = 'key')",
    )
    .fetch_one(connection)
    .await
}

async fn make(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut transaction = connection.begin().await?;
    sqlx::raw_sql(
        "SELECT pg_advisory_xact_lock(hashtext('sospeso'), hashtext('keys'));
         CREATE SCHEMA IF NOT EXISTS keys;
         -- A row outlives its key: what was destroyed is never made anew under the same id.
         CREATE TABLE IF NOT EXISTS keys.key (
             key_id  uuid    PRIMARY KEY,
             wrapped bytea,
             blocked boolean NOT NULL DEFAULT false
         );
         DO $grants$
         DECLARE
             app text := current_database() || '_app';
         BEGIN
             IF EXISTS (SELECT FROM pg_roles WHERE rolname = app) THEN
                 EXECUTE format('GRANT USAGE ON SCHEMA keys TO %I', app);
                 EXECUTE format('GRANT SELECT, INSERT, UPDATE ON keys.key TO %I', app);
             END IF;
         END $grants$",
    )
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await
}

impl KeyTable for PgKeys {
    fn find(&self, key_id: Uuid) -> BoxFuture<'_, Result<Option<Kept>, VaultError>> {
        Box::pin(self.row(key_id))
    }

    fn add(&self, key_id: Uuid, wrapped: Vec<u8>) -> BoxFuture<'_, Result<Kept, VaultError>> {
        Box::pin(self.insert(key_id, wrapped))
    }

    fn block(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO keys.key (key_id, wrapped, blocked) VALUES ($1, NULL, true)
                 ON CONFLICT (key_id) DO UPDATE SET blocked = true",
            )
            .bind(key_id)
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(failed)
        })
    }

    fn destroy(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO keys.key (key_id, wrapped, blocked) VALUES ($1, NULL, true)
                 ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, blocked = true",
            )
            .bind(key_id)
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(failed)
        })
    }

    fn page(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(Uuid, Kept)>, VaultError>> {
        Box::pin(page(&self.pool, after, limit))
    }

    fn put_back(&self, rows: Vec<(Uuid, Kept)>) -> BoxFuture<'_, Result<u64, VaultError>> {
        Box::pin(put_back(&self.pool, rows))
    }

    fn rewrap(
        &self,
        key_id: Uuid,
        old: Vec<u8>,
        new: Vec<u8>,
    ) -> BoxFuture<'_, Result<bool, VaultError>> {
        Box::pin(async move {
            let done =
                sqlx::query("UPDATE keys.key SET wrapped = $3 WHERE key_id = $1 AND wrapped = $2")
                    .bind(key_id)
                    .bind(old)
                    .bind(new)
                    .execute(&self.pool)
                    .await
                    .map_err(failed)?;
            Ok(done.rows_affected() == 1)
        })
    }

    fn scrub(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(scrub(&self.pool))
    }
}

async fn page(
    pool: &PgPool,
    after: Option<Uuid>,
    limit: usize,
) -> Result<Vec<(Uuid, Kept)>, VaultError> {
    let rows = sqlx::query(
        "SELECT wrapped, blocked, key_id FROM keys.key
         WHERE $1::uuid IS NULL OR key_id > $1 ORDER BY key_id LIMIT $2",
    )
    .bind(after)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(pool)
    .await
    .map_err(failed)?;
    let rows = rows.iter().map(|row| Ok((row.try_get(2)?, kept(row)?)));
    rows.collect::<Result<_, _>>().map_err(failed)
}

async fn put_back(pool: &PgPool, rows: Vec<(Uuid, Kept)>) -> Result<u64, VaultError> {
    let (ids, kept): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let (wrapped, blocked): (Vec<_>, Vec<_>) = kept
        .into_iter()
        .map(|kept| (kept.wrapped, kept.blocked))
        .unzip();
    let added = sqlx::query(
        "INSERT INTO keys.key (key_id, wrapped, blocked)
         SELECT * FROM UNNEST($1::uuid[], $2::bytea[], $3::boolean[]) ON CONFLICT DO NOTHING",
    )
    .bind(ids)
    .bind(wrapped)
    .bind(blocked)
    .execute(pool)
    .await
    .map_err(failed)?;
    Ok(added.rows_affected())
}

/// Writes the table anew, without what was destroyed, and then the pages and the log of the
/// server to its files. What the server keeps of its own log is the business of its settings.
async fn scrub(pool: &PgPool) -> Result<(), VaultError> {
    for sql in [
        "VACUUM (FULL) keys.key",
        "SELECT pg_switch_wal()",
        "CHECKPOINT",
    ] {
        sqlx::raw_sql(sql).execute(pool).await.map_err(|error| {
            VaultError::Broken(format!("{sql}: {error}: let a superuser do it"))
        })?;
    }
    Ok(())
}

fn kept(row: &PgRow) -> Result<Kept, sqlx::Error> {
    Ok(Kept {
        wrapped: row.try_get(0)?,
        blocked: row.try_get(1)?,
    })
}

#[allow(clippy::needless_pass_by_value, reason = "it is used with map_err")]
fn failed(error: sqlx::Error) -> VaultError {
    match &error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed => {
            tracing::warn!(%error, "the database of the keys is away");
            VaultError::Unavailable
        }
        _ => VaultError::Broken(error.to_string()),
    }
}
