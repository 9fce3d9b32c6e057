//! Tiles and checkpoints in the schema `seals`, which the application may add to.

use commands::evidence::ports::{Seals, SignedCheckpoint, TileReader};
use commands::log::LogError;
use domain::evidence::tile::Tile;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::PgPool;

use super::{checkpoint, signed, tile};
use crate::postgres::PgLog;
use crate::postgres::error::log_error;

/// Connections of one process for tiles and checkpoints.
const CONNECTIONS: u32 = 3;

/// Tiles and checkpoints beside the log in PostgreSQL.
pub struct PgSeals(PgPool);

impl PgSeals {
    /// Those of this log.
    #[must_use]
    pub fn of(log: &PgLog) -> Self {
        Self(log.pool(CONNECTIONS, ""))
    }

    /// Those that these connections reach.
    pub(crate) fn over(pool: PgPool) -> Self {
        Self(pool)
    }

    async fn page(&self, size: u64, limit: usize) -> sqlx::Result<Vec<SignedCheckpoint>> {
        let rows: Vec<_> = sqlx::query_as(
            "SELECT size, root, note,
                    (SELECT string_agg(line, E'\n' ORDER BY number) FROM seals.cosignatures AS s
                     WHERE s.size = c.size)
             FROM seals.checkpoints AS c WHERE size > $1 ORDER BY size LIMIT $2",
        )
        .bind(signed(size))
        .bind(signed(limit as u64))
        .fetch_all(&self.0)
        .await?;
        rows.into_iter().map(checkpoint).collect()
    }

    async fn newest(&self) -> sqlx::Result<Option<SignedCheckpoint>> {
        let row = sqlx::query_as(
            "SELECT size, root, note,
                    (SELECT string_agg(line, E'\n' ORDER BY number) FROM seals.cosignatures AS s
                     WHERE s.size = c.size)
             FROM seals.checkpoints AS c ORDER BY size DESC LIMIT 1",
        )
        .fetch_optional(&self.0)
        .await?;
        row.map(checkpoint).transpose()
    }

    async fn read(&self, ids: Vec<(u8, u64)>) -> sqlx::Result<Vec<Tile>> {
        let (levels, indexes): (Vec<i16>, Vec<i64>) = ids
            .into_iter()
            .map(|(level, index)| (i16::from(level), signed(index)))
            .unzip();
        let rows: Vec<_> = sqlx::query_as(
            "SELECT level::bigint, index, hashes
             FROM unnest($1::smallint[], $2::bigint[]) AS w (level, index)
             JOIN seals.tiles USING (level, index)",
        )
        .bind(levels)
        .bind(indexes)
        .fetch_all(&self.0)
        .await?;
        rows.into_iter().map(tile).collect()
    }

    /// The checkpoint goes first: another that follows on the same one waits for its commit and
    /// then finds the place taken.
    async fn keep(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        new: SignedCheckpoint,
    ) -> sqlx::Result<bool> {
        let mut transaction = self.0.begin().await?;
        let added = sqlx::query(
            "INSERT INTO seals.checkpoints (size, previous, root, note)
             SELECT $1, $2, $3, $4
             WHERE $2 = (SELECT coalesce(max(size), 0) FROM seals.checkpoints)
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
        let (levels, indexes): (Vec<i16>, Vec<i64>) = tiles
            .iter()
            .map(|tile| (i16::from(tile.level), signed(tile.index)))
            .unzip();
        let hashes: Vec<_> = tiles.iter().map(Tile::to_bytes).collect();
        sqlx::query(
            "INSERT INTO seals.tiles (level, index, hashes)
             SELECT * FROM unnest($1::smallint[], $2::bigint[], $3::bytea[])
             ON CONFLICT (level, index) DO UPDATE SET hashes = EXCLUDED.hashes",
        )
        .bind(levels)
        .bind(indexes)
        .bind(hashes)
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    async fn cosign(&self, size: u64, line: String) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO seals.cosignatures (size, line) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        )
        .bind(signed(size))
        .bind(line)
        .execute(&self.0)
        .await
        .map(drop)
    }
}

impl TileReader for PgSeals {
    fn tiles(&self, ids: Vec<(u8, u64)>) -> BoxFuture<'_, Result<Vec<Tile>, LogError>> {
        self.read(ids)
            .map(|done| done.map_err(|e| log_error(&e)))
            .boxed()
    }
}

impl Seals for PgSeals {
    fn last(&self) -> BoxFuture<'_, Result<Option<SignedCheckpoint>, LogError>> {
        self.newest()
            .map(|done| done.map_err(|e| log_error(&e)))
            .boxed()
    }

    fn after(
        &self,
        size: u64,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<SignedCheckpoint>, LogError>> {
        let page = self.page(size, limit);
        page.map(|done| done.map_err(|e| log_error(&e))).boxed()
    }

    fn save(
        &self,
        old_size: u64,
        tiles: Vec<Tile>,
        checkpoint: SignedCheckpoint,
    ) -> BoxFuture<'_, Result<bool, LogError>> {
        let kept = self.keep(old_size, tiles, checkpoint);
        kept.map(|done| done.map_err(|e| log_error(&e))).boxed()
    }

    fn add_cosignature(&self, size: u64, line: String) -> BoxFuture<'_, Result<(), LogError>> {
        let done = self.cosign(size, line);
        done.map(|done| done.map_err(|e| log_error(&e))).boxed()
    }
}
