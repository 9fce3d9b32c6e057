//! The lookups made anew from the log, by a login that owns it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use commands::log::LogError;
use commands::lookup::{LookupWrite, Rebuild, RebuildLookups};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use sqlx::{Executor as _, Postgres, Transaction};

use super::error::log_error;
use super::log::PgLog;
use super::roles::quoted;

impl RebuildLookups for PgLog {
    fn rebuild_lookups(&self) -> BoxFuture<'_, Result<Box<dyn Rebuild>, LogError>> {
        Box::pin(async move {
            let begun = self.readers().begin().await;
            let mut transaction = begun.map_err(|e| log_error(&e))?;
            // The application itself may not empty a lookup. The lock is the one of every append.
            let sql = format!(
                "SET LOCAL ROLE {};
                 SET LOCAL statement_timeout = 0;
                 SET LOCAL idle_in_transaction_session_timeout = 0;
                 SELECT FROM log.head FOR UPDATE;
                 DELETE FROM log.lookup_key;
                 DELETE FROM log.lookup_place;
                 DELETE FROM log.lookup_due;",
                quoted(&self.roles().owner)
            );
            let emptied = transaction.execute(sql.as_str()).await;
            emptied.map_err(|e| log_error(&e))?;
            let rebuild: Box<dyn Rebuild> = Box::new(Refill(transaction));
            Ok(rebuild)
        })
    }
}

/// The transaction that swaps the lookups: readers see the old ones until it commits.
struct Refill(Transaction<'static, Postgres>);

impl Rebuild for Refill {
    fn write(&mut self, writes: Vec<LookupWrite>) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async move {
            let rows = Rows::of(writes);
            rows.save(&mut self.0).await.map_err(|e| log_error(&e))
        })
    }

    fn finish(self: Box<Self>) -> BoxFuture<'static, Result<(), LogError>> {
        Box::pin(async move { self.0.commit().await.map_err(|e| log_error(&e)) })
    }
}

/// Changes as rows of JSON; of two about the same thing only the later one.
struct Rows {
    keys: Vec<Value>,
    vouchers: Vec<Value>,
    places: Vec<Value>,
    dues: Vec<Value>,
}

impl Rows {
    fn of(writes: Vec<LookupWrite>) -> Self {
        let mut keys = Vec::new();
        let mut places = HashMap::new();
        let mut dues = HashMap::new();
        for write in writes {
            match write {
                LookupWrite::Key { kind, key, value } => {
                    keys.push(json!({ "kind": kind.as_str(), "key": key, "value": value }));
                }
                LookupWrite::Places {
                    voucher_id,
                    places: of_it,
                } => {
                    places.insert(voucher_id, of_it);
                }
                LookupWrite::Due {
                    kind,
                    network,
                    id,
                    at,
                } => {
                    dues.insert((kind, id), (network, at));
                }
            }
        }
        Self {
            keys,
            vouchers: places.keys().map(|voucher| json!(voucher)).collect(),
            places: places
                .iter()
                .flat_map(|(voucher, places)| {
                    places.iter().map(move |place| {
                        json!({
                            "voucher_id": voucher, "network": place.network,
                            "venue_id": place.venue_id, "item_id": place.item_id,
                            "item_kind": place.item_kind.map(<&str>::from),
                            "max_price_minor": place.max_price_minor,
                            "on_board": place.on_board, "since": instant(place.since),
                            "ordinal": place.ordinal, "expires_at": place.expires_at.map(instant),
                        })
                    })
                })
                .collect(),
            dues: dues
                .into_iter()
                .map(|((kind, id), (network, at))| {
                    json!({ "kind": kind.as_str(), "id": id, "network": network,
                            "at": at.map(instant) })
                })
                .collect(),
        }
    }

    async fn save(self, transaction: &mut Transaction<'static, Postgres>) -> sqlx::Result<()> {
        for (rows, sql) in [
            (
                self.keys,
                "INSERT INTO log.lookup_key (kind, key, value)
                 SELECT * FROM jsonb_to_recordset($1) AS k (kind text, key text, value text)",
            ),
            (
                self.vouchers,
                "DELETE FROM log.lookup_place WHERE voucher_id IN
                     (SELECT v::uuid FROM jsonb_array_elements_text($1) AS v)",
            ),
            (
                self.places,
                "INSERT INTO log.lookup_place (voucher_id, network, venue_id, item_id, item_kind,
                     max_price_minor, on_board, since, ordinal, expires_at)
                 SELECT * FROM jsonb_to_recordset($1) AS p (voucher_id uuid, network text,
                     venue_id uuid, item_id uuid, item_kind text, max_price_minor bigint,
                     on_board boolean, since timestamptz, ordinal bigint, expires_at timestamptz)",
            ),
            (
                self.dues.clone(),
                "DELETE FROM log.lookup_due AS l
                 USING jsonb_to_recordset($1) AS d (kind text, id uuid)
                 WHERE l.kind = d.kind AND l.id = d.id",
            ),
            (
                self.dues,
                "INSERT INTO log.lookup_due (kind, id, network, at)
                 SELECT kind, id, network, at FROM jsonb_to_recordset($1)
                     AS d (kind text, id uuid, network text, at timestamptz)
                 WHERE at IS NOT NULL",
            ),
        ] {
            if !rows.is_empty() {
                sqlx::query(sql)
                    .bind(Value::Array(rows))
                    .execute(&mut **transaction)
                    .await?;
            }
        }
        Ok(())
    }
}

fn instant(at: DateTime<Utc>) -> String {
    domain::envelope::instant(at)
}
