//! What only PostgreSQL promises, beside the suite that both engines obey.

mod append;
mod outside;
mod reading;
mod rights;
mod upheaval;

use chrono::{DateTime, Utc};
use commands::log::{Append, Expect};
use domain::Stream;
use domain::envelope::Record;
use infra::postgres::PgLog;
use tests::servers::{Database, postgres};
use uuid::Uuid;

/// An instant that needs all six decimals.
const AT_MICROS: i64 = 1_763_626_500_000_001;

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp_micros(AT_MICROS).expect("an instant")
}

async fn fresh() -> (Database, PgLog) {
    let database = postgres().database().await;
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    (database, log)
}

fn stream(id: u128) -> Stream {
    Stream {
        aggregate_type: "voucher",
        id: Uuid::from_u128(id),
    }
}

/// The event with this number in a stream. What it says does not matter to the log.
fn record(log_id: Uuid, stream: Stream, sequence: i64) -> Record {
    Record {
        network: "praha".to_owned(),
        aggregate_type: stream.aggregate_type.to_owned(),
        aggregate_id: stream.id,
        sequence,
        event_type: "voucher.redeemed".to_owned(),
        event_version: "1".to_owned(),
        payload: format!(r#"{{"redeemed": {{"number" :{sequence}}} }}"#),
        metadata: r#"{"actor":"test","role":"system"}"#.to_owned(),
        event_id: Record::event_id(log_id, stream.id, sequence),
        occurred_at: at(),
        recorded_at: at(),
    }
}

/// A command that expects a stream at `version` and writes its next `events` events.
fn writes(log_id: Uuid, stream: Stream, version: i64, events: i64) -> Append {
    Append {
        expects: vec![Expect { stream, version }],
        records: (1..=events)
            .map(|n| record(log_id, stream, version + n))
            .collect(),
        ..Append::default()
    }
}
