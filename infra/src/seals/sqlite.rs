//! Tiles and checkpoints in a SQLite file of their own, `seals.db`.

use std::path::Path;

use commands::evidence::ports::{Seals, SignedCheckpoint, TileReader};
use commands::log::LogError;
use domain::evidence::tile::Tile;
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::{checkpoint, signed, tile};
use crate::sqlite::{Database, Deleted, Steps, broken, look};

const SCHEMA: Steps = &[include_str!("schema/seals_1.sql")];

/// Tiles and checkpoints in a SQLite file.
pub struct SqliteSeals(Database);

impl SqliteSeals {
    /// Opens or creates the file, readable by its owner only.
    ///
    /// # Errors
    /// If it cannot be created, or was written by a newer version of this program.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, LogError> {
        let database = Database::open(path.as_ref(), Deleted::Left, SCHEMA).await?;
        Ok(Self(database))
    }

    /// The file as it is, to be read only.
    ///
    /// # Errors
    /// If it is not there.
    pub async fn look(path: &Path) -> Result<Self, LogError> {
        let readers = look(path).await?;
        Ok(Self(Database {
            writer: readers.clone(),
            readers,
            path: Some(path.to_owned()),
        }))
    }

    /// Those that are gone with their handle.
    ///
    /// # Errors
    /// If there is no memory for them.
    pub async fn memory() -> Result<Self, LogError> {
        Ok(Self(Database::memory(SCHEMA).await?))
    }

    /// The database itself, for maintenance such as a copy.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0
    }

    async fn page(&self, size: u64, limit: usize) -> sqlx::Result<Vec<SignedCheckpoint>> {
        let rows: Vec<_> = sqlx::query_as(
            "SELECT size, root, note,
                    (SELECT group_concat(line, char(10) ORDER BY number) FROM cosignatures AS s
                     WHERE s.size = c.size)
             FROM checkpoints AS c WHERE size > $1 ORDER BY size LIMIT $2",
        )
        .bind(signed(size))
        .bind(signed(limit as u64))
        .fetch_all(&self.0.readers)
        .await?;
        rows.into_iter().map(checkpoint).collect()
    }

    async fn newest(&self) -> sqlx::Result<Option<SignedCheckpoint>> {
        let row = sqlx::query_as(
            "SELECT size, root, note,
                    (SELECT group_concat(line, char(10) ORDER BY number) FROM cosignatures AS s
                     WHERE s.size = c.size)
             FROM checkpoints AS c ORDER BY size DESC LIMIT 1",
        )
        .fetch_optional(&self.0.readers)
        .await?;
        row.map(checkpoint).transpose()
    }

    async fn read(&self, ids: Vec<(u8, u64)>) -> sqlx::Result<Vec<Tile>> {
        let mut tiles = Vec::with_capacity(ids.len());
        for (level, index) in ids {
            let row = sqlx::query_as(
                "SELECT level, \"index\", hashes FROM tiles WHERE level = $1 AND \"index\" = $2",
            )
            .bind(i64::from(level))
            .bind(signed(index))
            .fetch_optional(&self.0.readers)
            .await?;
            tiles.extend(row.map(tile).transpose()?);
        }
        Ok(tiles)
    }

    async fn keep(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        new: SignedCheckpoint,
    ) -> sqlx::Result<bool> {
        let mut writer = self.0.writer.acquire().await?;
        let mut transaction = sqlx::Connection::begin_with(&mut *writer, "BEGIN IMMEDIATE").await?;
        let added = sqlx::query(
            "INSERT INTO checkpoints (size, previous, root, note)
             SELECT $1, $2, $3, $4 WHERE $2 = (SELECT coalesce(max(size), 0) FROM checkpoints)
             ON CONFLICT DO NOTHING",
        )
        .bind(signed(new.size))
        .bind(signed(old_size))
        .bind(new.root.as_slice())
        .bind(new.note)
        .execute(&mut *transaction)
        .await?;
        if added.rows_affected() == 0 {
            return Ok(false);
        }
        for tile in tiles {
            sqlx::query(
                "INSERT INTO tiles (level, \"index\", hashes) VALUES ($1, $2, $3)
                 ON CONFLICT (level, \"index\") DO UPDATE SET hashes = excluded.hashes",
            )
            .bind(i64::from(tile.level))
            .bind(signed(tile.index))
            .bind(tile.to_bytes())
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    async fn cosign(&self, size: u64, line: String) -> sqlx::Result<()> {
        sqlx::query("INSERT INTO cosignatures (size, line) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(signed(size))
            .bind(line)
            .execute(&self.0.writer)
            .await
            .map(drop)
    }
}

impl TileReader for SqliteSeals {
    fn tiles(&self, ids: Vec<(u8, u64)>) -> BoxFuture<'_, Result<Vec<Tile>, LogError>> {
        self.read(ids).map(|done| done.map_err(broken)).boxed()
    }
}

impl Seals for SqliteSeals {
    fn last(&self) -> BoxFuture<'_, Result<Option<SignedCheckpoint>, LogError>> {
        self.newest().map(|done| done.map_err(broken)).boxed()
    }

    fn after(
        &self,
        size: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<SignedCheckpoint>, LogError>> {
        self.page(size, limit)
            .map(|done| done.map_err(broken))
            .boxed()
    }

    fn save(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        checkpoint: SignedCheckpoint,
    ) -> BoxFuture<'_, Result<bool, LogError>> {
        let kept = self.keep(old_size, tiles, checkpoint);
        kept.map(|done| done.map_err(broken)).boxed()
    }

    fn add_cosignature(&self, size: u64, line: String) -> BoxFuture<'_, Result<(), LogError>> {
        self.cosign(size, line)
            .map(|done| done.map_err(broken))
            .boxed()
    }
}
