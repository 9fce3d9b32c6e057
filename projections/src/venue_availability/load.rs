//! Bringing hosts: all that is said of those that were found.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, OrganisationId, ServiceId};
use domain::network::Initiative;
use domain::place::{PlaceKind, Wheelchair};
use domain::service::ServiceKind;
use domain::text::Slug;
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use serde::Deserialize;

use super::MODEL;
use super::candidates::{Candidate, Own};
use super::query::SharedVouchers;
use crate::answer::{Seen, ask};
use crate::opening::Calendar;
use crate::store::{Arg, Checkpoint, Found, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::micros;

/// The most hosts that are brought at a time; as many values as `fifty!` has places.
pub const MOST_AT_ONCE: usize = 50;

/// All networks, by their slugs.
pub async fn networks(store: &dyn ReadStore) -> Result<Vec<Initiative>, StoreError> {
    let query = Query {
        sql: "SELECT initiative FROM venue_availability_network ORDER BY key LIMIT 100",
        args: vec![],
    };
    let mut snapshot = store.query(MODEL, vec![query]).await?;
    let found: Vec<FoundNetwork> = snapshot.found.pop().unwrap_or_default().read()?;
    Ok(found
        .into_iter()
        .map(|network| network.initiative.0)
        .collect())
}

/// What is said of a whole network.
pub struct Ground {
    /// How far the read model had come.
    pub checkpoint: Checkpoint,
    pub(super) calendar: Option<(Initiative, Calendar)>,
    /// What any venue takes.
    pub shared: Vec<SharedVouchers>,
}

/// All that is said of some hosts.
pub struct Details<'a> {
    pub(super) ground: &'a Ground,
    pub(super) hosts: Vec<FoundHost>,
    pub(super) services: Vec<FoundService>,
    pub(super) items: Vec<FoundItem>,
    pub(super) others: Vec<FoundOther>,
}

#[derive(Deserialize)]
pub(super) struct FoundHost {
    pub(super) key: String,
    pub(super) place_id: String,
    pub(super) name: String,
    pub(super) kind: Option<VenueKind>,
    #[serde(flatten)]
    pub(super) own: Own,
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

/// Fifty values, which fewer hosts fill up with empty ones.
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

/// All that is said of a network.
pub async fn ground(
    store: &dyn ReadStore,
    network: &Slug,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<Ground, StoreError> {
    let queries = vec![
        Query {
            sql: NETWORK,
            args: vec![network.as_str().into()],
        },
        Query {
            sql: SHARED,
            args: vec![network.as_str().into(), micros(now).into()],
        },
    ];
    let snapshot = ask(store, MODEL, queries, seen.position, seen.wait).await?;
    let mut found = snapshot.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    Ok(Ground {
        checkpoint: snapshot.checkpoint,
        calendar: calendar(&next())?,
        shared: next()
            .read::<FoundOther>()?
            .into_iter()
            .map(FoundOther::shared)
            .collect(),
    })
}

/// All that is said of these hosts, [`MOST_AT_ONCE`] at most.
pub async fn details<'a>(
    store: &dyn ReadStore,
    ground: &'a Ground,
    hosts: &[&Candidate],
    now: DateTime<Utc>,
) -> Result<Details<'a>, StoreError> {
    let at = |sql: &'static str, id: fn(&Candidate) -> &String, now: Option<i64>| {
        // No id is empty.
        let ids = hosts.iter().map(|host| id(host).as_str());
        let ids = ids.chain(std::iter::repeat("")).take(MOST_AT_ONCE);
        let args = ids.map(Arg::from).chain(now.map(Arg::from)).collect();
        Query { sql, args }
    };
    let now = Some(micros(now));
    let queries = vec![
        at(HOSTS, |host| &host.key, None),
        at(SERVICES, |host| &host.place_id, None),
        at(ITEMS, |host| &host.key, now),
        at(OTHERS, |host| &host.key, now),
    ];
    let mut found = store.query(MODEL, queries).await?.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    Ok(Details {
        ground,
        hosts: next().read()?,
        services: next().read()?,
        items: next().read()?,
        others: next().read()?,
    })
}

fn calendar(found: &Found) -> Result<Option<(Initiative, Calendar)>, StoreError> {
    let network = found.read::<FoundNetwork>()?.pop();
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
     WHERE COALESCE(o.gone, 0) = 0 AND s.place_id IN ",
    fifty!(),
    " ORDER BY s.kind, s.key"
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
