//! The table of wrapped keys in a SQLite file of its own, `keys.db`.

use std::path::Path;

use commands::log::LogError;
use commands::vault::VaultError;
use futures::future::BoxFuture;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::keys::{Kept, KeyTable};
use crate::sqlite::{Database, Deleted, Steps, broken};

const SCHEMA: Steps = &[include_str!("schema/keys_1.sql")];

/// Wrapped keys in a SQLite file.
pub struct SqliteKeys {
    database: Database,
}

impl SqliteKeys {
    /// Opens or creates the file, readable by its owner only.
    ///
    /// # Errors
    /// If it cannot be created, or was written by a newer version of this program.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, VaultError> {
        let database = Database::open(path.as_ref(), Deleted::Overwritten, SCHEMA);
        let database = database.await.map_err(of_log)?;
        Ok(Self { database })
    }

    /// Keys that are gone with their handle.
    ///
    /// # Errors
    /// If there is no memory for them.
    pub async fn memory() -> Result<Self, VaultError> {
        let database = Database::memory(SCHEMA).await.map_err(of_log)?;
        Ok(Self { database })
    }

    async fn row(&self, key_id: Uuid) -> Result<Option<Kept>, VaultError> {
        let row = sqlx::query("SELECT wrapped, blocked FROM keys WHERE key_id = $1")
            .bind(key_id.hyphenated())
            .fetch_optional(&self.database.readers)
            .await
            .map_err(failed)?;
        row.as_ref().map(kept).transpose().map_err(failed)
    }

    async fn insert(&self, key_id: Uuid, wrapped: Vec<u8>) -> Result<Kept, VaultError> {
        sqlx::query("INSERT INTO keys (key_id, wrapped) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(key_id.hyphenated())
            .bind(wrapped)
            .execute(&self.database.writer)
            .await
            .map_err(failed)?;
        let row = self.row(key_id).await?;
        row.ok_or_else(|| VaultError::Broken(format!("the key {key_id} was not added")))
    }

    /// What is deleted is overwritten in the file (`secure_delete`); the copy in the write-ahead
    /// log goes when that is emptied.
    async fn overwrite(&self, key_id: Uuid) -> Result<(), VaultError> {
        sqlx::query(
            "INSERT INTO keys (key_id, wrapped, blocked) VALUES ($1, NULL, 1)
             ON CONFLICT (key_id) DO UPDATE SET wrapped = NULL, blocked = 1",
        )
        .bind(key_id.hyphenated())
        .execute(&self.database.writer)
        .await
        .map_err(failed)?;
        if self.empty_wal().await? {
            tracing::warn!(%key_id, "a reader keeps the old page of a destroyed key; it goes later");
        }
        Ok(())
    }

    /// Copies the write-ahead log back and empties it; says whether a reader is in the way.
    async fn empty_wal(&self) -> Result<bool, VaultError> {
        sqlx::query_scalar("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(&self.database.writer)
            .await
            .map_err(failed)
    }
}

impl KeyTable for SqliteKeys {
    fn find(&self, key_id: Uuid) -> BoxFuture<'_, Result<Option<Kept>, VaultError>> {
        Box::pin(self.row(key_id))
    }

    fn add(&self, key_id: Uuid, wrapped: Vec<u8>) -> BoxFuture<'_, Result<Kept, VaultError>> {
        Box::pin(self.insert(key_id, wrapped))
    }

    fn block(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO keys (key_id, wrapped, blocked) VALUES ($1, NULL, 1)
                 ON CONFLICT (key_id) DO UPDATE SET blocked = 1",
            )
            .bind(key_id.hyphenated())
            .execute(&self.database.writer)
            .await
            .map(drop)
            .map_err(failed)
        })
    }

    fn destroy(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(self.overwrite(key_id))
    }

    fn page(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(Uuid, Kept)>, VaultError>> {
        Box::pin(async move {
            let rows = sqlx::query(
                "SELECT wrapped, blocked, key_id FROM keys WHERE key_id > $1
                 ORDER BY key_id LIMIT $2",
            )
            .bind(after.map_or_else(String::new, |id| id.to_string()))
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.database.readers)
            .await
            .map_err(failed)?;
            let rows = rows.iter().map(|row| {
                let key_id: Hyphenated = row.try_get(2)?;
                Ok((key_id.into_uuid(), kept(row)?))
            });
            rows.collect::<Result<_, _>>().map_err(failed)
        })
    }

    fn put_back(&self, rows: Vec<(Uuid, Kept)>) -> BoxFuture<'_, Result<u64, VaultError>> {
        Box::pin(async move {
            let mut transaction = self.database.writer.begin().await.map_err(failed)?;
            let mut added = 0;
            for (key_id, kept) in rows {
                let done = sqlx::query(
                    "INSERT INTO keys (key_id, wrapped, blocked) VALUES ($1, $2, $3)
                     ON CONFLICT DO NOTHING",
                )
                .bind(key_id.hyphenated())
                .bind(kept.wrapped)
                .bind(kept.blocked)
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
                added += done.rows_affected();
            }
            transaction.commit().await.map_err(failed)?;
            Ok(added)
        })
    }

    fn rewrap(
        &self,
        key_id: Uuid,
        old: Vec<u8>,
        new: Vec<u8>,
    ) -> BoxFuture<'_, Result<bool, VaultError>> {
        Box::pin(async move {
            let done =
                sqlx::query("UPDATE keys SET wrapped = $3 WHERE key_id = $1 AND wrapped = $2")
                    .bind(key_id.hyphenated())
                    .bind(old)
                    .bind(new)
                    .execute(&self.database.writer)
                    .await
                    .map_err(failed)?;
            Ok(done.rows_affected() == 1)
        })
    }

    fn scrub(&self) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            sqlx::raw_sql("VACUUM")
                .execute(&self.database.writer)
                .await
                .map_err(failed)?;
            if self.empty_wal().await? {
                let why = "a reader holds an old page of the keys; try again when it is gone";
                return Err(VaultError::Broken(why.to_owned()));
            }
            Ok(())
        })
    }
}

fn kept(row: &SqliteRow) -> Result<Kept, sqlx::Error> {
    Ok(Kept {
        wrapped: row.try_get(0)?,
        blocked: row.try_get(1)?,
    })
}

fn failed(error: sqlx::Error) -> VaultError {
    of_log(broken(error))
}

fn of_log(error: LogError) -> VaultError {
    match error {
        LogError::Busy | LogError::Unavailable => VaultError::Unavailable,
        LogError::TooLarge | LogError::ClockSkew => VaultError::Broken(error.to_string()),
        LogError::Broken(text) => VaultError::Broken(text),
    }
}
