//! The ceiling on PostgreSQL: the rows that our commands write, inserted in batches without reading,
//! checking or locking anything, one statement and one round trip a batch.

use std::time::{Duration, Instant};

use commands::log::{Append, KeptAnswer};
use commands::lookup::{LookupWrite, VoucherPlace};
use domain::envelope::Record;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::{Executor as _, Postgres, QueryBuilder};
use tests::servers::{Database, postgres};
use uuid::Uuid;

use crate::load::count;

/// Our tables with our indexes, and nothing that guards them.
const TABLES: &str = r#"
CREATE TABLE events (
    aggregate_type text COLLATE "C" NOT NULL, aggregate_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL, event_type text COLLATE "C" NOT NULL,
    event_version text COLLATE "C" NOT NULL, payload json NOT NULL, metadata json NOT NULL,
    position bigint PRIMARY KEY, network text COLLATE "C" NOT NULL, event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL, leaf_hash bytea NOT NULL,
    UNIQUE (aggregate_id, sequence));
CREATE TABLE kept_answers (
    command_id uuid PRIMARY KEY, request_hash text NOT NULL, body text NOT NULL,
    for_ever boolean NOT NULL, position bigint NOT NULL,
    kept_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE INDEX ON kept_answers (kept_at) WHERE NOT for_ever;
CREATE TABLE lookup_place (
    voucher_id uuid NOT NULL, network text COLLATE "C" NOT NULL, venue_id uuid, item_id uuid,
    item_kind text COLLATE "C", max_price_minor bigint NOT NULL, on_board boolean NOT NULL,
    since timestamptz NOT NULL, ordinal bigint NOT NULL, expires_at timestamptz);
CREATE INDEX ON lookup_place (voucher_id);
CREATE INDEX ON lookup_place (network, venue_id, item_id, on_board, since, ordinal)
    WHERE item_id IS NOT NULL;
CREATE TABLE lookup_due (
    kind text COLLATE "C" NOT NULL, id uuid NOT NULL, network text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL, PRIMARY KEY (id, kind));
CREATE INDEX ON lookup_due (at);
"#;

/// A database with these tables.
pub struct Bare {
    pool: PgPool,
    _database: Database,
}

impl Bare {
    pub async fn start() -> Self {
        let database = postgres().database().await;
        let pool = PgPoolOptions::new().max_connections(1);
        let pool = pool.connect(database.owner_url()).await;
        let pool = pool.expect("a database");
        pool.execute(TABLES).await.expect("tables");
        Self {
            pool,
            _database: database,
        }
    }

    /// Commands per second, in batches of so many, until the time is over or nothing is left.
    pub async fn insert(&self, all: &[Append], log_id: Uuid, batch: usize, time: Duration) -> f64 {
        let empty = "TRUNCATE events, kept_answers, lookup_place, lookup_due";
        self.pool.execute(empty).await.expect("empty tables");
        let batches: Vec<_> = all.chunks(batch).map(|it| Rows::of(it, log_id)).collect();
        let (start, mut position, mut done) = (Instant::now(), 0, 0);
        for rows in &batches {
            rows.insert(&self.pool, position).await;
            position += rows.events.len();
            done += batch;
            if start.elapsed() > time {
                break;
            }
        }
        count(done.min(all.len())) / start.elapsed().as_secs_f64()
    }
}

/// The rows of one batch, hashed before the clock runs.
struct Rows<'a> {
    events: Vec<(&'a Record, [u8; 32])>,
    answers: Vec<&'a KeptAnswer>,
    places: Vec<(Uuid, &'a VoucherPlace)>,
    dues: Vec<(&'a LookupWrite, Uuid)>,
}

impl<'a> Rows<'a> {
    fn of(appends: &'a [Append], log_id: Uuid) -> Self {
        let records = appends.iter().flat_map(|append| &append.records);
        let lookups = || appends.iter().flat_map(|append| &append.lookups);
        let places = lookups().filter_map(|write| match write {
            LookupWrite::Places { voucher_id, places } => Some((voucher_id.0, places)),
            LookupWrite::Key { .. } | LookupWrite::Due { .. } => None,
        });
        let dues = lookups().filter_map(|write| match write {
            LookupWrite::Due {
                id, at: Some(_), ..
            } => Some((write, *id)),
            _ => None,
        });
        Self {
            events: records.map(|it| (it, it.leaf_hash(log_id))).collect(),
            answers: appends.iter().filter_map(|it| it.answer.as_ref()).collect(),
            places: places
                .flat_map(|(id, all)| all.iter().map(move |it| (id, it)))
                .collect(),
            dues: dues.collect(),
        }
    }

    async fn insert(&self, pool: &PgPool, position: usize) {
        let mut sql: QueryBuilder<Postgres> = QueryBuilder::new("WITH a AS (");
        self.push_answers(&mut sql, position);
        if !self.places.is_empty() {
            sql.push("), p AS (");
            self.push_places(&mut sql);
        }
        if !self.dues.is_empty() {
            sql.push("), d AS (");
            self.push_dues(&mut sql);
        }
        sql.push(") ");
        self.push_events(&mut sql, position);
        sql.build().execute(pool).await.expect("rows that fit");
    }

    fn push_events(&self, sql: &mut QueryBuilder<'_, Postgres>, position: usize) {
        let all = || self.events.iter().map(|(record, _)| *record);
        let texts = |of: fn(&Record) -> &str| all().map(|it| of(it).to_owned()).collect::<Vec<_>>();
        sql.push(
            "INSERT INTO events (position, aggregate_type, aggregate_id, sequence, event_type,
                 event_version, payload, metadata, network, event_id, occurred_at, recorded_at,
                 leaf_hash)
             SELECT o + ",
        );
        sql.push_bind(i64::try_from(position).expect("a position"));
        sql.push(", at, ai, s, et, ev, pa::json, me::json, n, id, oc, re, lh FROM unnest(");
        let mut list = sql.separated(", ");
        list.push_bind(texts(|it| &it.aggregate_type));
        list.push_bind(
            all()
                .map(|it| it.aggregate_id.to_string())
                .collect::<Vec<_>>(),
        );
        list.push_bind(all().map(|it| it.sequence).collect::<Vec<_>>());
        list.push_bind(texts(|it| &it.event_type));
        list.push_bind(texts(|it| &it.event_version));
        list.push_bind(texts(|it| &it.payload));
        list.push_bind(texts(|it| &it.metadata));
        list.push_bind(texts(|it| &it.network));
        list.push_bind(all().map(|it| it.event_id).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.occurred_at).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.recorded_at).collect::<Vec<_>>());
        list.push_bind(
            self.events
                .iter()
                .map(|(_, hash)| hash.to_vec())
                .collect::<Vec<_>>(),
        );
        sql.push(") WITH ORDINALITY AS t (at, ai, s, et, ev, pa, me, n, id, oc, re, lh, o)");
    }

    fn push_answers(&self, sql: &mut QueryBuilder<'_, Postgres>, position: usize) {
        let all = || self.answers.iter();
        let texts =
            |of: fn(&KeptAnswer) -> &str| all().map(|it| of(it).to_owned()).collect::<Vec<_>>();
        sql.push(
            "INSERT INTO kept_answers (command_id, request_hash, body, for_ever, position)
             SELECT c, r, b, false, o + ",
        );
        sql.push_bind(i64::try_from(position).expect("a position"));
        sql.push(" FROM unnest(");
        let mut list = sql.separated(", ");
        list.push_bind(all().map(|it| it.command_id).collect::<Vec<_>>());
        list.push_bind(texts(|it| &it.request_hash));
        list.push_bind(texts(|it| &it.body));
        sql.push(") WITH ORDINALITY AS t (c, r, b, o)");
    }

    fn push_places(&self, sql: &mut QueryBuilder<'_, Postgres>) {
        let all = || self.places.iter().map(|(_, place)| *place);
        sql.push(
            "INSERT INTO lookup_place (voucher_id, network, venue_id, item_id, item_kind,
                 max_price_minor, on_board, since, ordinal, expires_at) SELECT * FROM unnest(",
        );
        let mut list = sql.separated(", ");
        list.push_bind(self.places.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.network.clone()).collect::<Vec<_>>());
        list.push_bind(
            all()
                .map(|it| it.venue_id.map(|id| id.0))
                .collect::<Vec<_>>(),
        );
        list.push_bind(
            all()
                .map(|it| it.item_id.map(|id| id.0))
                .collect::<Vec<_>>(),
        );
        let kind = |it: &VoucherPlace| it.item_kind.map(|kind| kind.to_string());
        list.push_bind(all().map(kind).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.max_price_minor).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.on_board).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.since).collect::<Vec<_>>());
        list.push_bind(all().map(|it| i64::from(it.ordinal)).collect::<Vec<_>>());
        list.push_bind(all().map(|it| it.expires_at).collect::<Vec<_>>());
        sql.push(")");
    }

    fn push_dues(&self, sql: &mut QueryBuilder<'_, Postgres>) {
        let (mut networks, mut times) = (Vec::new(), Vec::new());
        for (due, _) in &self.dues {
            if let LookupWrite::Due { network, at, .. } = due {
                networks.push(network.clone());
                times.push(*at);
            }
        }
        sql.push("INSERT INTO lookup_due (kind, id, network, at) SELECT 'voucher_expiry', t.* FROM unnest(");
        let mut list = sql.separated(", ");
        list.push_bind(self.dues.iter().map(|(_, id)| *id).collect::<Vec<_>>());
        list.push_bind(networks);
        list.push_bind(times);
        sql.push(") AS t");
    }
}
