//! The ceiling on SQLite: the rows that our commands write, inserted in batches without reading or
//! checking anything, WAL and synchronous=FULL as ours.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use commands::log::Append;
use commands::lookup::LookupWrite;
use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous,
};
use sqlx::{Connection as _, Executor as _, Sqlite};
use tempfile::TempDir;
use uuid::Uuid;

use crate::load::count;

/// Our tables with our indexes, and nothing that guards them.
const TABLES: &str = "
CREATE TABLE events (
    position INTEGER PRIMARY KEY, network TEXT NOT NULL, aggregate_type TEXT NOT NULL,
    aggregate_id TEXT NOT NULL, sequence INTEGER NOT NULL, event_type TEXT NOT NULL,
    event_version TEXT NOT NULL, payload TEXT NOT NULL, metadata TEXT NOT NULL,
    event_id TEXT NOT NULL, occurred_at INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    leaf_hash BLOB NOT NULL, UNIQUE (aggregate_id, sequence)) STRICT;
CREATE TABLE kept_answers (
    command_id TEXT NOT NULL PRIMARY KEY, request_hash TEXT NOT NULL, body TEXT NOT NULL,
    for_ever INTEGER NOT NULL, position INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL DEFAULT (CAST(unixepoch('subsec') * 1000000 AS INTEGER)))
    STRICT, WITHOUT ROWID;
CREATE INDEX kept_answers_to_prune ON kept_answers (recorded_at) WHERE for_ever = 0;
CREATE TABLE lookup_place (
    voucher_id TEXT NOT NULL, venue_id TEXT NOT NULL, network TEXT NOT NULL, item_id TEXT NOT NULL,
    item_kind TEXT NOT NULL, max_price_minor INTEGER NOT NULL, on_board INTEGER NOT NULL,
    since INTEGER NOT NULL, ordinal INTEGER NOT NULL, expires_at INTEGER,
    PRIMARY KEY (voucher_id, venue_id)) STRICT, WITHOUT ROWID;
CREATE INDEX lookup_place_item ON lookup_place (network, venue_id, item_id, since, ordinal)
    WHERE on_board = 1 AND item_id <> '';
CREATE INDEX lookup_place_venue ON lookup_place (network, venue_id, voucher_id)
    WHERE venue_id <> '';
CREATE TABLE lookup_due (
    kind TEXT NOT NULL, id TEXT NOT NULL, network TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
CREATE INDEX lookup_due_at ON lookup_due (kind, at);
";

type Insert<'a> = Query<'a, Sqlite, SqliteArguments<'a>>;

/// Commands per second, in batches of so many, until the time is over or nothing is left.
pub async fn insert(all: &[Append], log_id: Uuid, batch: usize, time: Duration) -> f64 {
    let (_folder, mut connection) = open().await;
    let batches = all.chunks(batch).map(|it| Rows::of(it, log_id));
    let batches: Vec<_> = batches.collect();
    let (start, mut position, mut done) = (Instant::now(), 0, 0);
    for rows in &batches {
        let transaction = connection.begin_with("BEGIN IMMEDIATE").await;
        let mut transaction = transaction.expect("a transaction");
        position = rows.insert(&mut transaction, position).await;
        transaction.commit().await.expect("a commit");
        done += batch;
        if start.elapsed() > time {
            break;
        }
    }
    count(done.min(all.len())) / start.elapsed().as_secs_f64()
}

async fn open() -> (TempDir, SqliteConnection) {
    let folder = tempfile::Builder::new().prefix("sospeso-bench-").tempdir();
    let folder = folder.expect("a temporary folder");
    let options = SqliteConnectOptions::new()
        .filename(folder.path().join("bare.db"))
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "4000")
        .pragma("cache_size", "-32768")
        .statement_cache_capacity(64);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("a file");
    connection.execute(TABLES).await.expect("tables");
    (folder, connection)
}

/// The rows of one batch, hashed before the clock runs.
struct Rows<'a> {
    appends: &'a [Append],
    hashes: Vec<[u8; 32]>,
}

impl<'a> Rows<'a> {
    fn of(appends: &'a [Append], log_id: Uuid) -> Self {
        let records = appends.iter().flat_map(|append| &append.records);
        Self {
            appends,
            hashes: records.map(|it| it.leaf_hash(log_id)).collect(),
        }
    }

    async fn insert(&self, into: &mut SqliteConnection, before: i64) -> i64 {
        let mut position = before;
        let records = self.appends.iter().flat_map(|append| &append.records);
        let records: Vec<_> = records.zip(&self.hashes).collect();
        EVENTS
            .insert(into, &records, |insert, (record, hash)| {
                position += 1;
                insert
                    .bind(position)
                    .bind(&record.network)
                    .bind(&record.aggregate_type)
                    .bind(record.aggregate_id.hyphenated())
                    .bind(record.sequence)
                    .bind(&record.event_type)
                    .bind(&record.event_version)
                    .bind(&record.payload)
                    .bind(&record.metadata)
                    .bind(record.event_id.hyphenated())
                    .bind(record.occurred_at.timestamp_micros())
                    .bind(record.recorded_at.timestamp_micros())
                    .bind(hash.as_slice())
            })
            .await;
        self.insert_answers(into, before).await;
        self.insert_lookups(into).await;
        position
    }

    async fn insert_answers(&self, into: &mut SqliteConnection, before: i64) {
        let answers = self.appends.iter().filter_map(|it| it.answer.as_ref());
        let answers: Vec<_> = (before + 1..).zip(answers).collect();
        ANSWERS
            .insert(into, &answers, |insert, (position, kept)| {
                insert
                    .bind(kept.command_id.hyphenated())
                    .bind(&kept.request_hash)
                    .bind(&kept.body)
                    .bind(kept.for_ever)
                    .bind(position)
            })
            .await;
    }

    async fn insert_lookups(&self, into: &mut SqliteConnection) {
        let (mut places, mut dues) = (Vec::new(), Vec::new());
        for write in self.appends.iter().flat_map(|append| &append.lookups) {
            match write {
                LookupWrite::Places {
                    voucher_id,
                    places: all,
                } => {
                    places.extend(all.iter().map(|place| (voucher_id.0, place)));
                }
                LookupWrite::Due {
                    network,
                    id,
                    at: Some(at),
                    ..
                } => dues.push((id, network, at)),
                LookupWrite::Due { .. } | LookupWrite::Key { .. } => {}
            }
        }
        PLACES
            .insert(into, &places, |insert, (voucher, place)| {
                insert
                    .bind(voucher.hyphenated())
                    .bind(place.venue_id.map(|id| id.0.hyphenated()))
                    .bind(&place.network)
                    .bind(place.item_id.map(|id| id.0.hyphenated()))
                    .bind(place.item_kind.map(<&'static str>::from))
                    .bind(place.max_price_minor)
                    .bind(place.on_board)
                    .bind(place.since.timestamp_micros())
                    .bind(place.ordinal)
                    .bind(place.expires_at.map(|at| at.timestamp_micros()))
            })
            .await;
        DUES.insert(into, &dues, |insert, (id, network, at)| {
            insert
                .bind("voucher_expiry")
                .bind(id.hyphenated())
                .bind(*network)
                .bind(at.timestamp_micros())
        })
        .await;
    }
}

/// An INSERT in a few sizes, so that each stays prepared.
struct Sizes(Vec<(usize, String)>);

static EVENTS: LazyLock<Sizes> = LazyLock::new(|| Sizes::of("events", 13));
static ANSWERS: LazyLock<Sizes> = LazyLock::new(|| {
    let columns = "(command_id, request_hash, body, for_ever, position)";
    Sizes::of(&format!("kept_answers {columns}"), 5)
});
static PLACES: LazyLock<Sizes> = LazyLock::new(|| Sizes::of("lookup_place", 10));
static DUES: LazyLock<Sizes> = LazyLock::new(|| Sizes::of("lookup_due", 4));

impl Sizes {
    fn of(table: &str, columns: usize) -> Self {
        let row = format!("({})", vec!["?"; columns].join(","));
        let statement = |rows: usize| {
            let all = vec![row.as_str(); rows].join(",");
            (rows, format!("INSERT INTO {table} VALUES {all}"))
        };
        Self([256, 64, 16, 4, 1].map(statement).into())
    }

    async fn insert<'a, T>(
        &'static self,
        into: &mut SqliteConnection,
        mut rows: &'a [T],
        mut bind: impl FnMut(Insert<'a>, &'a T) -> Insert<'a>,
    ) {
        while !rows.is_empty() {
            let fits = self.0.iter().find(|(size, _)| *size <= rows.len());
            let (size, sql) = fits.expect("a statement for one row");
            let (now, later) = rows.split_at(*size);
            let insert = now.iter().fold(sqlx::query(sql), &mut bind);
            insert.execute(&mut *into).await.expect("rows that fit");
            rows = later;
        }
    }
}
