//! The lookups, read from the tables that `log.append` writes.

use chrono::{DateTime, Utc};
use commands::log::{KeptAnswer, LogError};
use commands::lookup::{BoardKey, Due, DueKind, KeyKind, Lookup};
use domain::ids::{VenueId, VoucherId};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::postgres::PgPool;
use uuid::Uuid;

use super::error::log_error;
use super::log::{PgLog, bound};

impl Lookup for PgLog {
    fn key(&self, kind: KeyKind, key: String) -> BoxFuture<'_, Result<Option<String>, LogError>> {
        key_value(self.readers(), kind, key).boxed()
    }

    fn keys_below(
        &self,
        kind: KeyKind,
        beginning: String,
        after: Option<String>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, LogError>> {
        keys_below(self.readers(), kind, beginning, after, limit).boxed()
    }

    fn board(
        &self,
        key: BoardKey,
        at: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>> {
        board(self.readers(), key, at, limit).boxed()
    }

    fn vouchers_at(
        &self,
        network: String,
        venue: VenueId,
        after: Option<VoucherId>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>> {
        vouchers_at(self.readers(), network, venue, after, limit).boxed()
    }

    fn due(
        &self,
        kind: DueKind,
        after: Option<Due>,
        until: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Due>, LogError>> {
        due(self.readers(), kind, after, until, limit).boxed()
    }

    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>> {
        answer(self.readers(), command_id).boxed()
    }
}

async fn key_value(pool: &PgPool, kind: KeyKind, key: String) -> Result<Option<String>, LogError> {
    sqlx::query_scalar("SELECT value FROM log.lookup_key WHERE kind = $1 AND key = $2")
        .bind(kind.as_str())
        .bind(key)
        .fetch_optional(pool)
        .await
        .map_err(|e| log_error(&e))
}

async fn keys_below(
    pool: &PgPool,
    kind: KeyKind,
    beginning: String,
    after: Option<String>,
    limit: usize,
) -> Result<Vec<(String, String)>, LogError> {
    // '0' is the character after '/'.
    let end = format!("{}0", beginning.trim_end_matches('/'));
    sqlx::query_as(
        "SELECT key, value FROM log.lookup_key
         WHERE kind = $1 AND key > $2 AND key < $3 ORDER BY key LIMIT $4",
    )
    .bind(kind.as_str())
    .bind(after.unwrap_or(beginning))
    .bind(end)
    .bind(bound(limit))
    .fetch_all(pool)
    .await
    .map_err(|e| log_error(&e))
}

/// Each branch is the front of one index; together they give at most three times the limit.
async fn board(
    pool: &PgPool,
    key: BoardKey,
    at: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<VoucherId>, LogError> {
    let vouchers: Vec<Uuid> = sqlx::query_scalar(
        "SELECT voucher_id FROM (
            (SELECT voucher_id, since, ordinal FROM log.lookup_place
             WHERE on_board AND network = $1 AND venue_id = $2 AND item_id = $3
               AND (expires_at IS NULL OR expires_at > $6)
             ORDER BY since, ordinal, voucher_id LIMIT $7)
            UNION ALL
            (SELECT voucher_id, since, ordinal FROM log.lookup_place
             WHERE on_board AND network = $1 AND venue_id = $2
               AND item_id IS NULL AND item_kind = $4
               AND (expires_at IS NULL OR expires_at > $6)
             ORDER BY since, ordinal, voucher_id LIMIT $7)
            UNION ALL
            (SELECT voucher_id, since, ordinal FROM log.lookup_place
             WHERE on_board AND network = $1 AND venue_id IS NULL
               AND item_id IS NULL AND item_kind = $4 AND max_price_minor >= $5
               AND (expires_at IS NULL OR expires_at > $6)
             ORDER BY since, ordinal, voucher_id LIMIT $7)
         ) AS board
         ORDER BY since, ordinal, voucher_id LIMIT $7",
    )
    .bind(key.network)
    .bind(key.venue_id.0)
    .bind(key.item_id.0)
    .bind(<&str>::from(key.item_kind))
    .bind(key.price_minor)
    .bind(at)
    .bind(bound(limit))
    .fetch_all(pool)
    .await
    .map_err(|e| log_error(&e))?;
    Ok(vouchers.into_iter().map(VoucherId).collect())
}

async fn vouchers_at(
    pool: &PgPool,
    network: String,
    venue: VenueId,
    after: Option<VoucherId>,
    limit: usize,
) -> Result<Vec<VoucherId>, LogError> {
    let vouchers: Vec<Uuid> = sqlx::query_scalar(
        "SELECT voucher_id FROM log.lookup_place
         WHERE network = $1 AND venue_id = $2 AND item_id IS NOT NULL
           AND ($3::uuid IS NULL OR voucher_id > $3)
         UNION
         SELECT voucher_id FROM log.lookup_place
         WHERE network = $1 AND venue_id = $2 AND item_id IS NULL
           AND ($3::uuid IS NULL OR voucher_id > $3)
         ORDER BY voucher_id LIMIT $4",
    )
    .bind(network)
    .bind(venue.0)
    .bind(after.map(|voucher| voucher.0))
    .bind(bound(limit))
    .fetch_all(pool)
    .await
    .map_err(|e| log_error(&e))?;
    Ok(vouchers.into_iter().map(VoucherId).collect())
}

async fn due(
    pool: &PgPool,
    kind: DueKind,
    after: Option<Due>,
    until: DateTime<Utc>,
    limit: usize,
) -> Result<Vec<Due>, LogError> {
    let (after_at, after_id) = Due::cursor(after.as_ref());
    let rows: Vec<(String, Uuid, DateTime<Utc>)> = sqlx::query_as(
        "SELECT network, id, at FROM log.lookup_due
         WHERE kind = $1 AND at <= $2 AND (at, id) > ($4, $5) ORDER BY at, id LIMIT $3",
    )
    .bind(kind.as_str())
    .bind(until)
    .bind(bound(limit))
    .bind(after_at)
    .bind(after_id)
    .fetch_all(pool)
    .await
    .map_err(|e| log_error(&e))?;
    let due = |(network, id, at)| Due { network, id, at };
    Ok(rows.into_iter().map(due).collect())
}

pub(super) async fn answer(
    pool: &PgPool,
    command_id: Uuid,
) -> Result<Option<KeptAnswer>, LogError> {
    let row: Option<(String, String, bool, i64)> = sqlx::query_as(
        "SELECT request_hash, body, for_ever, position FROM log.kept_answers WHERE command_id = $1",
    )
    .bind(command_id)
    .fetch_optional(pool)
    .await
    .map_err(|e| log_error(&e))?;
    Ok(
        row.map(|(request_hash, body, for_ever, position)| KeptAnswer {
            command_id,
            request_hash,
            body,
            for_ever,
            position,
        }),
    )
}
