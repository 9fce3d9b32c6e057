//! The lookups over SQLite: written with the events, read by commands, rebuilt from the log.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commands::log::{KeptAnswer, LogError};
use commands::lookup::{
    BoardKey, Due, DueKind, KeyKind, Lookup, LookupWrite, Rebuild, RebuildLookups, VoucherPlace,
};
use domain::ids::{VenueId, VoucherId};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use sqlx::types::Json;
use sqlx::{Row as _, Sqlite, SqliteConnection, Transaction};
use uuid::Uuid;

use super::append::answer_to;
use super::connection::broken;
use super::log::SqliteLog;
use super::rows::{instant, uuid};

impl Lookup for SqliteLog {
    fn key(&self, kind: KeyKind, key: String) -> BoxFuture<'_, Result<Option<String>, LogError>> {
        Box::pin(async move {
            sqlx::query_scalar("SELECT value FROM lookup_key WHERE kind = $1 AND key = $2")
                .bind(kind.as_str())
                .bind(key)
                .fetch_optional(&self.database.readers)
                .await
                .map_err(broken)
        })
    }

    fn keys_below(
        &self,
        kind: KeyKind,
        beginning: String,
        after: Option<String>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, LogError>> {
        Box::pin(async move {
            // '0' is the character after '/'.
            let end = format!("{}0", beginning.trim_end_matches('/'));
            sqlx::query_as(
                "SELECT key, value FROM lookup_key
                 WHERE kind = $1 AND key > $2 AND key < $3 ORDER BY key LIMIT $4",
            )
            .bind(kind.as_str())
            .bind(after.unwrap_or(beginning))
            .bind(end)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.database.readers)
            .await
            .map_err(broken)
        })
    }

    fn board(
        &self,
        key: BoardKey,
        at: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>> {
        Box::pin(self.on_board(key, at, limit))
    }

    fn vouchers_at(
        &self,
        network: String,
        venue: VenueId,
        after: Option<VoucherId>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<VoucherId>, LogError>> {
        Box::pin(async move {
            let after = after.map_or_else(String::new, |id| id.to_string());
            let rows = sqlx::query(
                "SELECT voucher_id FROM lookup_place
                 WHERE network = $1 AND venue_id = $2 AND venue_id <> '' AND voucher_id > $3
                 ORDER BY voucher_id LIMIT $4",
            )
            .bind(network)
            .bind(venue.0.hyphenated())
            .bind(after)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .fetch_all(&self.database.readers)
            .await
            .map_err(broken)?;
            let vouchers = rows.iter().map(|row| uuid(row, 0).map(VoucherId));
            vouchers.collect::<Result<_, _>>().map_err(broken)
        })
    }

    fn due(
        &self,
        kind: DueKind,
        after: Option<Due>,
        until: DateTime<Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<Due>, LogError>> {
        Box::pin(async move {
            let (after_at, after_id) = Due::cursor(after.as_ref());
            let rows = sqlx::query(
                "SELECT network, id, at FROM lookup_due WHERE kind = $1 AND at <= $2
                 AND (at, id) > ($4, $5) ORDER BY at, id LIMIT $3",
            )
            .bind(kind.as_str())
            .bind(until.timestamp_micros())
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(after_at.timestamp_micros())
            .bind(after_id.to_string())
            .fetch_all(&self.database.readers)
            .await
            .map_err(broken)?;
            let due = rows.iter().map(|row| {
                Ok(Due {
                    network: row.try_get(0)?,
                    id: uuid(row, 1)?,
                    at: instant(row, 2)?,
                })
            });
            due.collect::<Result<_, sqlx::Error>>().map_err(broken)
        })
    }

    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>> {
        Box::pin(async move {
            let found = answer_to(&self.database.readers, command_id).await;
            found.map_err(broken)
        })
    }
}

impl SqliteLog {
    /// Three ranges of an index, each already in order: the item's own, those for any item of the
    /// kind at this venue, and those for any item of the kind at any venue.
    async fn on_board(
        &self,
        key: BoardKey,
        at: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<VoucherId>, LogError> {
        let rows = sqlx::query(
            "SELECT voucher_id FROM (
                 SELECT * FROM (
                     SELECT voucher_id, since, ordinal FROM lookup_place
                     WHERE on_board = 1 AND item_id <> ''
                       AND network = $1 AND venue_id = $2 AND item_id = $3
                       AND (expires_at IS NULL OR expires_at > $6)
                     ORDER BY since, ordinal LIMIT $7)
                 UNION ALL SELECT * FROM (
                     SELECT voucher_id, since, ordinal FROM lookup_place
                     WHERE on_board = 1 AND item_id = ''
                       AND network = $1 AND venue_id = $2 AND item_kind = $4
                       AND (expires_at IS NULL OR expires_at > $6)
                     ORDER BY since, ordinal LIMIT $7)
                 UNION ALL SELECT * FROM (
                     SELECT voucher_id, since, ordinal FROM lookup_place
                     WHERE on_board = 1 AND item_id = ''
                       AND network = $1 AND venue_id = '' AND item_kind = $4
                       AND max_price_minor >= $5
                       AND (expires_at IS NULL OR expires_at > $6)
                     ORDER BY since, ordinal LIMIT $7))
             ORDER BY since, ordinal, voucher_id LIMIT $7",
        )
        .bind(key.network)
        .bind(key.venue_id.0.hyphenated())
        .bind(key.item_id.0.hyphenated())
        .bind(<&str>::from(key.item_kind))
        .bind(key.price_minor)
        .bind(at.timestamp_micros())
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.database.readers)
        .await
        .map_err(broken)?;
        let vouchers = rows.iter().map(|row| uuid(row, 0).map(VoucherId));
        vouchers.collect::<Result<_, _>>().map_err(broken)
    }
}

/// All changes of lookups, and the new head, in one message to the connection's thread.
const WRITE: &str = "
    INSERT INTO lookup_key (kind, key, value)
    SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1);
    DELETE FROM lookup_place WHERE voucher_id IN (SELECT value FROM json_each($2));
    INSERT INTO lookup_place (voucher_id, venue_id, network, item_id, item_kind,
                              max_price_minor, on_board, since, ordinal, expires_at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4,
           value ->> 5, value ->> 6, value ->> 7, value ->> 8, value ->> 9
    FROM json_each($3);
    DELETE FROM lookup_due WHERE (kind, id) IN
        (SELECT value ->> 0, value ->> 1 FROM json_each($4));
    INSERT INTO lookup_due (kind, id, network, at)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 FROM json_each($5) WHERE true
    ON CONFLICT (kind, id) DO UPDATE SET network = excluded.network, at = excluded.at;
    UPDATE log_head SET position = $6, leaf_hash = $7 WHERE $6 IS NOT NULL";

/// Applies the changes in order: of two about the same thing, the later one counts. The head is the position
/// and the leaf hash of the last event, if there is a new one.
pub(super) async fn write(
    connection: &mut SqliteConnection,
    writes: &[&LookupWrite],
    head: Option<(i64, &[u8])>,
) -> Result<(), sqlx::Error> {
    let mut keys = Vec::new();
    let mut places: HashMap<VoucherId, &[VoucherPlace]> = HashMap::new();
    let mut dues = HashMap::new();
    for write in writes {
        match write {
            LookupWrite::Key { kind, key, value } => keys.push(json!([kind.as_str(), key, value])),
            LookupWrite::Places {
                voucher_id,
                places: of_it,
            } => {
                places.insert(*voucher_id, of_it);
            }
            LookupWrite::Due {
                kind,
                network,
                id,
                at,
            } => {
                dues.insert((kind.as_str(), *id), (network, *at));
            }
        }
    }
    let vouchers: Vec<_> = places.keys().collect();
    let rows = places.iter();
    let rows = rows.flat_map(|(voucher, places)| places.iter().map(|place| row(*voucher, place)));
    let (mut over, mut due) = (Vec::new(), Vec::new());
    for ((kind, id), (network, at)) in dues {
        match at {
            None => over.push(json!([kind, id])),
            Some(at) => due.push(json!([kind, id, network, at.timestamp_micros()])),
        }
    }
    sqlx::query(WRITE)
        .bind(Json(keys))
        .bind(Json(vouchers))
        .bind(Json(rows.collect::<Vec<_>>()))
        .bind(Json(over))
        .bind(Json(due))
        .bind(head.map(|(position, _)| position))
        .bind(head.map(|(_, hash)| hash))
        .execute(connection)
        .await
        .map(drop)
}

/// In the order of the INSERT; '' stands for none in a key.
fn row(voucher: VoucherId, place: &VoucherPlace) -> Value {
    json!([
        voucher,
        place.venue_id.map_or_else(String::new, |id| id.to_string()),
        place.network,
        place.item_id.map_or_else(String::new, |id| id.to_string()),
        place.item_kind.map_or("", <&str>::from),
        place.max_price_minor,
        i64::from(place.on_board),
        place.since.timestamp_micros(),
        place.ordinal,
        place.expires_at.map(|at| at.timestamp_micros()),
    ])
}

impl RebuildLookups for SqliteLog {
    fn rebuild_lookups(&self) -> BoxFuture<'_, Result<Box<dyn Rebuild>, LogError>> {
        Box::pin(async move {
            let writer = &self.database.writer;
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(broken)?;
            for sql in [
                "DELETE FROM lookup_key",
                "DELETE FROM lookup_place",
                "DELETE FROM lookup_due",
            ] {
                sqlx::query(sql)
                    .execute(&mut *transaction)
                    .await
                    .map_err(broken)?;
            }
            let rebuild: Box<dyn Rebuild> = Box::new(Refill(transaction));
            Ok(rebuild)
        })
    }
}

/// The transaction that swaps the lookups: readers see the old ones until it commits.
struct Refill(Transaction<'static, Sqlite>);

impl Rebuild for Refill {
    fn write(&mut self, writes: Vec<LookupWrite>) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async move {
            let writes: Vec<_> = writes.iter().collect();
            write(&mut self.0, &writes, None).await.map_err(broken)
        })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<(), LogError>> {
        Box::pin(async move { self.0.commit().await.map_err(broken) })
    }
}
