//! Bringing hosts: first the keys in the order of the answer, then all that is said of a batch.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, OrganisationId, ServiceId};
use domain::network::Initiative;
use domain::place::{PlaceKind, Wheelchair};
use domain::service::ServiceKind;
use domain::text::Slug;
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use domain::venue::announce_closure::ClosureAnnounced;
use serde::Deserialize;

use super::NAME;
use super::query::{Filter, Near, SharedVouchers, position_of};
use crate::answer::{Seen, ask, read};
use crate::cursor;
use crate::geography::Point;
use crate::opening::Calendar;
use crate::plain::containing;
use crate::store::{Arg, Checkpoint, Found, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::micros;

/// How many hosts are brought at a time; as many values as `fifty!` has places.
const BATCH: usize = 50;
/// The first circle that is looked through, in metres; where it holds too few, twice as far.
const FIRST_RADIUS_M: u32 = 250;
/// The most hosts in a circle that are put in order of distance.
const MOST_IN_CIRCLE: i64 = 10_000;

/// Hosts that may be in the answer, in its order.
pub struct Candidates {
    /// At most [`BATCH`].
    pub keys: Vec<Candidate>,
    /// How far the read model had come.
    pub checkpoint: Checkpoint,
    more: bool,
    /// What was brought along and comes after them: a circle is looked through once.
    rest: Vec<Candidate>,
    /// Whether a larger circle may hold more.
    beyond: bool,
}

/// A host that may be in the answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Candidate {
    /// The host's key.
    pub key: String,
    sort: String,
    latitude: Option<i64>,
    longitude: Option<i64>,
    #[serde(skip)]
    /// How far it is, if a circle was asked for.
    pub distance_m: Option<i64>,
}

impl Candidate {
    /// What the answer is in order of, as a text.
    fn order(&self) -> String {
        let distance = self.distance_m.map(|metres| format!("{metres:010}"));
        distance.unwrap_or_else(|| self.sort.clone())
    }
}

impl Candidates {
    fn of(mut keys: Vec<Candidate>, checkpoint: Checkpoint, beyond: bool) -> Self {
        let rest = keys.split_off(keys.len().min(BATCH));
        Self {
            keys,
            checkpoint,
            more: beyond || !rest.is_empty(),
            rest,
            beyond,
        }
    }

    /// The batch after this one, if it was brought along.
    pub fn follow(&mut self) -> Option<Self> {
        let rest = std::mem::take(&mut self.rest);
        (!rest.is_empty()).then(|| Self::of(rest, self.checkpoint.clone(), self.beyond))
    }

    /// The cursor after all of them, if there may be more.
    pub fn next_cursor(&self) -> Option<String> {
        let last = self.keys.last().filter(|_| self.more)?;
        Some(cursor::write(&[&last.order(), &last.key]))
    }

    /// The cursor after one of them, if there may be more.
    pub fn cursor_after(&self, candidate: &Candidate) -> Option<String> {
        let is_last = self
            .keys
            .last()
            .is_some_and(|last| last.key == candidate.key);
        (!is_last || self.more).then(|| cursor::write(&[&candidate.order(), &candidate.key]))
    }
}

/// The columns and conditions of a candidate. A place is a host while an organisation that takes
/// part offers something there and no venue that takes part stands there.
macro_rules! candidates {
    ($which:literal) => {
        concat!(
            "SELECT h.key, h.sort, p.latitude, p.longitude
             FROM venue_availability_host h
             LEFT JOIN venue_availability_place p ON p.key = h.place_id
             WHERE h.network = $1 AND (h.left_from IS NULL OR h.left_from > $2)
               AND (h.venue_id IS NOT NULL OR (COALESCE(p.closed, 0) = 0
                 AND EXISTS (SELECT 1 FROM venue_availability_service s
                     LEFT JOIN venue_availability_organisation o ON o.key = s.organisation_id
                     WHERE s.place_id = h.key AND s.organisation_id IS NOT NULL
                       AND COALESCE(o.gone, 0) = 0)
                 AND NOT EXISTS (SELECT 1 FROM venue_availability_host v
                     WHERE v.place_id = h.key AND v.venue_id IS NOT NULL
                       AND (v.left_from IS NULL OR v.left_from > $2))))
               AND (CAST($3 AS TEXT) IS NULL OR p.district_code = $3)
               AND (CAST($4 AS TEXT) IS NULL OR h.sort LIKE $4 ESCAPE '\\'
                 OR p.search LIKE $4 ESCAPE '\\')
               AND (CAST($5 AS TEXT) IS NULL OR EXISTS (
                 SELECT 1 FROM venue_availability_service s
                 LEFT JOIN venue_availability_organisation o ON o.key = s.organisation_id
                 WHERE s.place_id = h.place_id AND s.kind = $5 AND COALESCE(o.gone, 0) = 0
                   AND (s.paused = 0 OR s.paused_until <= $2)
                   AND (s.organisation_id IS NOT NULL OR s.venue_id = h.venue_id)))
               AND (CAST($6 AS TEXT) IS NULL OR EXISTS (
                 SELECT 1 FROM venue_availability_item i
                 WHERE i.venue_id = h.key AND i.kind = $6 AND i.delisted = 0)
                 OR EXISTS (
                 SELECT 1 FROM venue_availability_board b
                 LEFT JOIN venue_availability_item i ON i.key = b.key
                 WHERE b.venue_id = h.key AND b.waiting > 0
                   AND (b.item_kind = $6 OR i.kind = $6)))
               AND ",
            $which
        )
    };
}

/// The next candidates after a cursor.
pub async fn candidates(
    store: &dyn ReadStore,
    filter: &Filter,
    cursor: Option<&str>,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<Candidates, StoreError> {
    let after = position_of(cursor)?;
    if let Some(near) = filter.near {
        return nearby(store, filter, near, after, seen, now).await;
    }
    let mut args = conditions(filter, now);
    args.extend([after.0, after.1].map(Arg::from));
    args.push(i64::try_from(BATCH + 1).unwrap_or(i64::MAX).into());
    let sql = candidates!("(h.sort, h.key) > ($7, $8) ORDER BY h.sort, h.key LIMIT $9");
    let (keys, checkpoint) = found(store, Query { sql, args }, seen).await?;
    let mut found = Candidates::of(keys, checkpoint, false);
    found.rest.clear();
    Ok(found)
}

/// The nearest after a cursor: in a small circle first, because in a town with very many hosts most
/// people's answer lies around the corner, and in larger ones until a batch is full.
async fn nearby(
    store: &dyn ReadStore,
    filter: &Filter,
    near: Near,
    (after, after_key): (String, String),
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<Candidates, StoreError> {
    let reached: u32 = after.parse().unwrap_or(0);
    let mut radius_m = FIRST_RADIUS_M.max(reached.saturating_mul(2));
    loop {
        let circle = Near {
            radius_m: radius_m.min(near.radius_m),
            ..near
        };
        let frame = circle.point.within(circle.radius_m);
        let mut args = conditions(filter, now);
        args.extend([frame.from.latitude, frame.to.latitude].map(Arg::from));
        args.extend([frame.from.longitude, frame.to.longitude].map(Arg::from));
        args.push(MOST_IN_CIRCLE.into());
        // The network of the place leads to the index over coordinates.
        let sql = candidates!(
            "p.network = $1 AND p.latitude BETWEEN $7 AND $8 AND p.longitude BETWEEN $9 AND $10 LIMIT $11"
        );
        let (keys, checkpoint) = found(store, Query { sql, args }, seen).await?;
        let mut keys = nearest_first(keys, circle);
        keys.retain(|key| (key.order(), &key.key) > (after.clone(), &after_key));
        let beyond = radius_m < near.radius_m;
        if !beyond || keys.len() >= BATCH {
            return Ok(Candidates::of(keys, checkpoint, beyond));
        }
        radius_m = radius_m.saturating_mul(2);
    }
}

/// The first arguments of every [`candidates!`].
fn conditions(filter: &Filter, now: DateTime<Utc>) -> Vec<Arg> {
    let district = filter.district_code.as_ref();
    vec![
        filter.network.as_str().into(),
        micros(now).into(),
        district.map(|code| code.as_str().to_owned()).into(),
        filter.text.as_deref().map(containing).into(),
        filter.service_kind.map(|kind| kind.to_string()).into(),
        filter.item_kind.map(|kind| kind.to_string()).into(),
    ]
}

async fn found(
    store: &dyn ReadStore,
    query: Query,
    seen: Seen,
) -> Result<(Vec<Candidate>, Checkpoint), StoreError> {
    let mut snapshot = ask(store, NAME, vec![query], seen.position, seen.wait).await?;
    let keys = read(snapshot.found.pop().unwrap_or_default())?;
    Ok((keys, snapshot.checkpoint))
}

/// The host with this key, if it takes part in the network.
pub async fn candidate(
    store: &dyn ReadStore,
    network: &Slug,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Vec<Candidate>, StoreError> {
    let mut args: Vec<Arg> = vec![network.as_str().into(), micros(now).into()];
    args.extend([Arg::Null, Arg::Null, Arg::Null, Arg::Null, key.into()]);
    let sql = candidates!("h.key = $7");
    let mut snapshot = store.query(NAME, vec![Query { sql, args }]).await?;
    read(snapshot.found.pop().unwrap_or_default())
}

/// All networks, by their slugs.
pub async fn networks(store: &dyn ReadStore) -> Result<Vec<Initiative>, StoreError> {
    let query = Query {
        sql: "SELECT initiative FROM venue_availability_network ORDER BY key LIMIT 100",
        args: vec![],
    };
    let mut snapshot = store.query(NAME, vec![query]).await?;
    let found: Vec<FoundNetwork> = read(snapshot.found.pop().unwrap_or_default())?;
    Ok(found
        .into_iter()
        .map(|network| network.initiative.0)
        .collect())
}

fn nearest_first(keys: Vec<Candidate>, near: Near) -> Vec<Candidate> {
    let measured = keys.into_iter().filter_map(|mut key| {
        let (latitude, longitude) = (key.latitude?, key.longitude?);
        let there = Point {
            latitude,
            longitude,
        };
        let distance_m = near.point.metres_to(there);
        key.distance_m = Some(distance_m);
        (distance_m <= i64::from(near.radius_m)).then_some(key)
    });
    let mut keys: Vec<Candidate> = measured.collect();
    keys.sort_by(|a, b| (a.distance_m, &a.key).cmp(&(b.distance_m, &b.key)));
    keys
}

/// All that is said of a batch of hosts.
pub struct Batch {
    pub(super) calendar: Option<(Initiative, Calendar)>,
    pub(super) hosts: Vec<FoundHost>,
    pub(super) services: Vec<FoundService>,
    pub(super) items: Vec<FoundItem>,
    pub(super) others: Vec<FoundOther>,
    /// What any venue takes.
    pub shared: Vec<SharedVouchers>,
}

#[derive(Deserialize)]
pub(super) struct FoundHost {
    pub(super) key: String,
    pub(super) venue_id: Option<String>,
    pub(super) place_id: String,
    pub(super) name: String,
    pub(super) kind: Option<VenueKind>,
    pub(super) opening_hours: Option<String>,
    pub(super) closures: Json<Vec<ClosureAnnounced>>,
    pub(super) suspended_from: Option<i64>,
    pub(super) fresh_at: i64,
    pub(super) place_kind: Option<PlaceKind>,
    pub(super) place_name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) district_code: Option<String>,
    pub(super) latitude: Option<i64>,
    pub(super) longitude: Option<i64>,
    pub(super) wheelchair: Option<Wheelchair>,
}

#[derive(Deserialize)]
pub(super) struct FoundService {
    pub(super) key: ServiceId,
    pub(super) place_id: String,
    pub(super) venue_id: Option<String>,
    pub(super) organisation_id: Option<OrganisationId>,
    pub(super) organisation_name: Option<String>,
    pub(super) kind: ServiceKind,
    pub(super) name: Option<String>,
    pub(super) hours: Option<String>,
    pub(super) capacity: Option<i64>,
    pub(super) paused: i64,
    pub(super) paused_until: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct FoundItem {
    pub(super) venue_id: String,
    #[serde(flatten)]
    pub(super) item: ItemRow,
}

#[derive(Deserialize)]
pub(super) struct ItemRow {
    pub(super) item_id: ItemId,
    pub(super) kind: ItemKind,
    pub(super) name: String,
    pub(super) price_minor: i64,
    pub(super) daily_limit: Option<i64>,
    pub(super) on_board: i64,
}

#[derive(Deserialize)]
pub(super) struct FoundOther {
    pub(super) venue_id: Option<String>,
    pub(super) item_kind: Option<ItemKind>,
    pub(super) max_price_minor: Option<i64>,
    pub(super) on_board: i64,
}

#[derive(Deserialize)]
struct FoundNetwork {
    initiative: Json<Initiative>,
}

/// Fifty values, which a batch fills up with nulls.
macro_rules! fifty {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
          $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37,
          $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49, $50)"
    };
}

/// What waits on a board `b` at the time `$51`.
macro_rules! on_board {
    () => {
        "COALESCE(b.waiting, 0) - (SELECT COUNT(*) FROM venue_availability_waiting w
             WHERE w.board = b.key AND w.expires_at <= $51) AS on_board"
    };
}

/// All that is said of these hosts.
pub async fn details(
    store: &dyn ReadStore,
    network: &Slug,
    keys: &[Candidate],
    now: DateTime<Utc>,
) -> Result<Batch, StoreError> {
    let place = |place: usize| keys.get(place).map(|key| key.key.clone()).into();
    let fifty: Vec<Arg> = (0..BATCH).map(place).collect();
    let at = |sql: &'static str, with_now: bool| {
        let now: Option<Arg> = with_now.then(|| micros(now).into());
        let args = fifty.iter().cloned().chain(now).collect();
        Query { sql, args }
    };
    let queries = vec![
        Query {
            sql: NETWORK,
            args: vec![network.as_str().into()],
        },
        at(HOSTS, false),
        at(SERVICES, false),
        at(ITEMS, true),
        at(OTHERS, true),
        Query {
            sql: SHARED,
            args: vec![network.as_str().into(), micros(now).into()],
        },
    ];
    let snapshot = store.query(NAME, queries).await?;
    let mut found = snapshot.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    Ok(Batch {
        calendar: calendar(next())?,
        hosts: read(next())?,
        services: read(next())?,
        items: read(next())?,
        others: read(next())?,
        shared: read::<FoundOther>(next())?
            .into_iter()
            .map(FoundOther::shared)
            .collect(),
    })
}

fn calendar(found: Vec<Found>) -> Result<Option<(Initiative, Calendar)>, StoreError> {
    let network = read::<FoundNetwork>(found)?.pop();
    Ok(network.map(|network| {
        let initiative = network.initiative.0;
        let calendar = Calendar::of(&initiative);
        (initiative, calendar)
    }))
}

const NETWORK: &str = "SELECT initiative FROM venue_availability_network
     WHERE key = $1";

const HOSTS: &str = concat!(
    "SELECT h.key, h.venue_id, h.place_id, h.name, h.kind, h.opening_hours, h.closures,
       h.suspended_from, h.fresh_at, p.kind AS place_kind, p.name AS place_name, p.address,
       p.district_code, p.latitude, p.longitude, p.wheelchair
     FROM venue_availability_host h
     LEFT JOIN venue_availability_place p ON p.key = h.place_id
     WHERE h.key IN ",
    fifty!()
);

const SERVICES: &str = concat!(
    "SELECT s.key, s.place_id, s.venue_id, s.organisation_id, o.name AS organisation_name, s.kind,
       s.name, s.hours, s.capacity, s.paused, s.paused_until
     FROM venue_availability_service s
     LEFT JOIN venue_availability_organisation o ON o.key = s.organisation_id
     WHERE COALESCE(o.gone, 0) = 0 AND s.place_id IN (
       SELECT h.place_id FROM venue_availability_host h WHERE h.key IN ",
    fifty!(),
    ") ORDER BY s.kind, s.key"
);

const ITEMS: &str = concat!(
    "SELECT i.venue_id, i.item_id, i.kind, i.name, i.price_minor, i.daily_limit, ",
    on_board!(),
    " FROM venue_availability_item i
     LEFT JOIN venue_availability_board b ON b.key = i.key
     WHERE (i.delisted = 0 OR b.waiting > 0) AND i.venue_id IN ",
    fifty!(),
    " ORDER BY i.name, i.key"
);

const OTHERS: &str = concat!(
    "SELECT b.venue_id, b.item_kind, b.max_price_minor, ",
    on_board!(),
    " FROM venue_availability_board b
     WHERE b.item_id IS NULL AND b.waiting > 0 AND b.venue_id IN ",
    fifty!(),
    " ORDER BY b.key"
);

const SHARED: &str = "SELECT b.venue_id, b.item_kind, b.max_price_minor,
       b.waiting - (SELECT COUNT(*) FROM venue_availability_waiting w
             WHERE w.board = b.key AND w.expires_at <= $2) AS on_board
     FROM venue_availability_board b
     WHERE b.network = $1 AND b.venue_id IS NULL AND b.waiting > 0 ORDER BY b.key";
