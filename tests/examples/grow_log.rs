//! Makes a log of many events through the engine, in full batches, and seals it; for figures of
//! `audit verify`.
//!
//! `cargo run --release -p tests --example grow_log -- 1000000 DIRECTORY` makes it in SQLite, with
//! `DATABASE_URL` set in PostgreSQL. It prints how long it took and the public key.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::DateTime;
use commands::evidence::key::LogKey;
use commands::evidence::ports::Seals;
use commands::evidence::sealer::{Sealer, Step};
use commands::log::{Append, Appended, EventLog, Expect};
use commands::reaction::ports::Leadership;
use domain::Stream;
use domain::envelope::Record;
use futures::StreamExt as _;
use infra::postgres::PgLog;
use infra::seals::{PgSeals, SqliteSeals};
use infra::sqlite::SqliteLog;
use uuid::Uuid;

/// How many events a command writes into its stream.
const A_STREAM: i64 = 4;
/// How many commands wait at once: two full batches.
const AT_ONCE: usize = 1024;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let events: i64 = arguments.next().unwrap_or_default().parse()?;
    let folder = arguments.next().unwrap_or_default();
    if let Ok(url) = std::env::var("DATABASE_URL") {
        let log = Arc::new(PgLog::connect(&url).await?);
        let seals = Arc::new(PgSeals::of(&log));
        return grow(log.clone(), seals, log, events).await;
    }
    let folder = Path::new(&folder);
    let log = Arc::new(SqliteLog::open(folder.join("log.db")).await?);
    let seals = Arc::new(SqliteSeals::open(folder.join("seals.db")).await?);
    grow(log.clone(), seals, log, events).await
}

async fn grow(
    log: Arc<dyn EventLog>,
    seals: Arc<dyn Seals>,
    leadership: Arc<dyn Leadership>,
    events: i64,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let appends = futures::stream::iter(0..events / A_STREAM)
        .map(|number| log.append(append(log.log_id(), number)))
        .buffer_unordered(AT_ONCE);
    let refused =
        appends.filter(|done| std::future::ready(!matches!(done, Ok(Appended::Done { .. }))));
    anyhow::ensure!(refused.count().await == 0, "every append is done");
    println!(
        "{events} events appended in {:.1} s",
        started.elapsed().as_secs_f64()
    );

    let started = Instant::now();
    let key = LogKey::new(&LogKey::default_origin(log.log_id()), &[7; 32])?;
    let sealer = Sealer::new(log, seals, leadership, key.clone());
    while sealer.step().await? == Step::More {}
    println!("sealed in {:.1} s", started.elapsed().as_secs_f64());
    println!("{}", key.verifier());
    Ok(())
}

/// A command with the sizes of a voucher's life.
fn append(log_id: Uuid, number: i64) -> Append {
    let id = Uuid::new_v5(&log_id, number.to_string().as_bytes());
    let stream = Stream {
        aggregate_type: "voucher",
        id,
    };
    let at = DateTime::from_timestamp_micros(1_763_626_500_000_000 + number).unwrap_or_default();
    let record = |sequence| Record {
        network: "praha".to_owned(),
        aggregate_type: "voucher".to_owned(),
        aggregate_id: id,
        sequence,
        event_type: "voucher.redeemed".to_owned(),
        event_version: "1".to_owned(),
        payload: format!(
            r#"{{"redeemed":{{"redemption_id":"{id}","at":"2026-11-20T08:15:00Z","group_size":1,"venue_id":"{id}","item_id":"{id}","settled_minor":6500,"venue_price_minor":6500,"difference_borne_by":"none","means":"board","source":"counter","remaining_minor":0}}}}"#
        ),
        metadata: format!(
            r#"{{"actor":"{id}","channel":"counter","command_id":"{id}","correlation":"{id}","role":"venue"}}"#
        ),
        event_id: Record::event_id(log_id, id, sequence),
        occurred_at: at,
        recorded_at: at,
    };
    Append {
        expects: vec![Expect { stream, version: 0 }],
        records: (1..=A_STREAM).map(record).collect(),
        ..Append::default()
    }
}
