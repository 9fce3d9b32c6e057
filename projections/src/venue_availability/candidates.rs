//! Finding hosts: their keys in the order of the answer, with what says whether they are open.

use chrono::{DateTime, Utc};
use domain::text::Slug;
use domain::venue::announce_closure::ClosureAnnounced;
use serde::Deserialize;

use super::MODEL;
use super::load::{Ground, MOST_AT_ONCE};
use super::query::{Filter, Near, position_of};
use crate::cursor;
use crate::geography::Point;
use crate::plain::containing;
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::micros;

/// How many hosts are looked through at a time.
const BATCH: usize = MOST_AT_ONCE;
/// The first circle that is looked through, in metres; where it holds too few, a larger one.
const FIRST_RADIUS_M: u32 = 250;
/// How much larger the next circle's radius is at least and at most, in percent.
const NEAREST: u32 = 130;
const FARTHEST: u32 = 400;
/// The most hosts in a circle that are put in order of distance.
const MOST_IN_CIRCLE: i64 = 10_000;
/// Where at most so many boards have something, hosts are found by these.
const FEW_BOARDS: i64 = 1_000;

/// Hosts that may be in the answer, in its order.
pub struct Candidates {
    /// At most [`BATCH`].
    pub keys: Vec<Candidate>,
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
    /// Where it is.
    pub place_id: String,
    sort: String,
    latitude: Option<i64>,
    longitude: Option<i64>,
    /// When it is open.
    #[serde(flatten)]
    pub own: Own,
    #[serde(skip)]
    /// How far it is, if a circle was asked for.
    pub distance_m: Option<i64>,
}

/// What a host itself says of when it is open.
#[derive(Clone, Debug, Deserialize)]
pub struct Own {
    /// The venue; none = a place, which is open while a service there is.
    pub venue_id: Option<String>,
    /// When it is usually open.
    pub opening_hours: Option<String>,
    /// The announced closures.
    pub closures: Json<Vec<ClosureAnnounced>>,
    /// From when it is suspended, in microseconds.
    pub suspended_from: Option<i64>,
    /// When it was last said or shown that all this is true, in microseconds.
    pub fresh_at: i64,
}

impl Candidate {
    /// What the answer is in order of, as a text.
    fn order(&self) -> String {
        let distance = self.distance_m.map(|metres| format!("{metres:010}"));
        distance.unwrap_or_else(|| self.sort.clone())
    }
}

impl Candidates {
    fn of(mut keys: Vec<Candidate>, beyond: bool) -> Self {
        let rest = keys.split_off(keys.len().min(BATCH));
        Self {
            keys,
            more: beyond || !rest.is_empty(),
            rest,
            beyond,
        }
    }

    /// The batch after this one, if it was brought along.
    pub fn follow(&mut self) -> Option<Self> {
        let rest = std::mem::take(&mut self.rest);
        (!rest.is_empty()).then(|| Self::of(rest, self.beyond))
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
/// part offers something there and no venue that takes part stands there. What waits on a board may
/// be over by the clock, which is looked at later. In `$which` is how hosts are found, and the network:
/// as `h.network || ''` it is in no index, so that no planner begins with all hosts of a network.
macro_rules! candidates {
    ($which:literal) => {
        concat!(
            "SELECT h.key, h.place_id, h.sort, p.latitude, p.longitude, h.venue_id,
               h.opening_hours, h.closures, h.suspended_from, h.fresh_at
             FROM venue_availability_host h
             LEFT JOIN venue_availability_place p ON p.key = h.place_id
             WHERE (h.left_from IS NULL OR h.left_from > $2)
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
                 WHERE b.venue_id = h.key AND b.waiting > 0 AND b.item_kind = $6))
               AND ($7 = 0 OR EXISTS (
                 SELECT 1 FROM venue_availability_board b
                 WHERE b.venue_id = h.key AND b.waiting > 0
                   AND (CAST($6 AS TEXT) IS NULL OR b.item_kind = $6))
                 OR EXISTS (
                 SELECT 1 FROM venue_availability_item i
                 JOIN venue_availability_board b ON b.network = $1 AND b.venue_id IS NULL
                   AND b.item_kind = i.kind AND b.max_price_minor >= i.price_minor
                 WHERE i.venue_id = h.key AND b.waiting > 0
                   AND (CAST($6 AS TEXT) IS NULL OR i.kind = $6)))
               AND ",
            $which
        )
    };
}

/// The next candidates after a cursor.
pub async fn candidates(
    store: &dyn ReadStore,
    filter: &Filter,
    ground: &Ground,
    cursor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Candidates, StoreError> {
    let after = position_of(cursor)?;
    if let Some(near) = filter.near {
        return nearby(store, filter, ground, near, after, now).await;
    }
    let mut args = conditions(filter, now);
    args.extend([after.0, after.1].map(Arg::from));
    args.push(i64::try_from(BATCH + 1).unwrap_or(i64::MAX).into());
    let sql = if filter.district_code.is_some() {
        // All of a district are fewer than one would pass over in order of name to find as many.
        candidates!(
            "h.network || '' = $1 AND p.network = $1 AND p.district_code = $3
             AND (h.sort, h.key) > ($8, $9) ORDER BY COALESCE(h.sort, ''), h.key LIMIT $10"
        )
    } else {
        candidates!(
            "h.network = $1 AND (h.sort, h.key) > ($8, $9) ORDER BY h.sort, h.key LIMIT $10"
        )
    };
    let mut found = Candidates::of(found(store, sql, args).await?, false);
    found.rest.clear();
    Ok(found)
}

/// The nearest after a cursor: in a small circle first, because in a town with very many hosts most
/// people's answer lies around the corner, and in larger ones until there are enough.
async fn nearby(
    store: &dyn ReadStore,
    filter: &Filter,
    ground: &Ground,
    near: Near,
    (after, after_key): (String, String),
    now: DateTime<Utc>,
) -> Result<Candidates, StoreError> {
    let from = (after, after_key);
    if filter.on_board && few_wait(store, filter, ground).await? {
        let keys = nearest_first(on_boards(store, filter, now).await?, near, &from);
        return Ok(Candidates::of(keys, false));
    }
    // Of those that are found about half are open.
    let wanted = usize::try_from(filter.limit).unwrap_or(BATCH) + 1;
    let enough = if filter.open_at.is_some() {
        BATCH
    } else {
        wanted
    };
    let reached: u32 = from.0.parse().unwrap_or(0);
    let mut radius_m = FIRST_RADIUS_M.max(reached.saturating_mul(2));
    loop {
        let circle = Near {
            radius_m: radius_m.min(near.radius_m),
            ..near
        };
        let keys = nearest_first(within(store, filter, circle, now).await?, circle, &from);
        let beyond = radius_m < near.radius_m;
        if !beyond || keys.len() >= enough {
            return Ok(Candidates::of(keys, beyond));
        }
        // In percent: a circle's hosts grow with the square of its radius, and half as many more make
        // another round unlikely.
        let farther = (enough * 15_000 / keys.len().max(1)).isqrt();
        let farther = u32::try_from(farther).unwrap_or(FARTHEST);
        radius_m = radius_m.saturating_mul(farther.clamp(NEAREST, FARTHEST)) / 100;
    }
}

/// All that may fit in a circle.
async fn within(
    store: &dyn ReadStore,
    filter: &Filter,
    circle: Near,
    now: DateTime<Utc>,
) -> Result<Vec<Candidate>, StoreError> {
    let mut args = conditions(filter, now);
    args.extend(corners(circle));
    // The network of the place leads to the index over coordinates.
    let sql = candidates!(
        "h.network || '' = $1 AND p.network = $1 AND p.latitude BETWEEN $8 AND $9 AND p.longitude BETWEEN $10 AND $11 LIMIT $12"
    );
    found(store, sql, args).await
}

/// All that may fit where few boards have something: these are looked up, however far they are.
async fn on_boards(
    store: &dyn ReadStore,
    filter: &Filter,
    now: DateTime<Utc>,
) -> Result<Vec<Candidate>, StoreError> {
    let others = Filter {
        item_kind: None,
        on_board: false,
        ..filter.clone()
    };
    let mut args = conditions(&others, now);
    args.push(filter.item_kind.map(|kind| kind.to_string()).into());
    let sql = candidates!(
        "h.network || '' = $1 AND h.key IN (SELECT b.venue_id FROM venue_availability_board b
           WHERE b.network = $1 AND b.any_wait = 1
             AND (CAST($8 AS TEXT) IS NULL OR b.item_kind = $8))"
    );
    found(store, sql, args).await
}

/// Whether something waits on few boards only, and nothing that any venue takes.
async fn few_wait(
    store: &dyn ReadStore,
    filter: &Filter,
    ground: &Ground,
) -> Result<bool, StoreError> {
    #[derive(Deserialize)]
    struct Counted {
        boards: i64,
    }
    let query = Query {
        sql: "SELECT COUNT(*) AS boards FROM (SELECT 1 FROM venue_availability_board b
              WHERE b.network = $1 AND b.any_wait = 1 LIMIT $2) w",
        args: vec![filter.network.as_str().into(), (FEW_BOARDS + 1).into()],
    };
    let mut snapshot = store.query(MODEL, vec![query]).await?;
    let counted: Vec<Counted> = snapshot.found.pop().unwrap_or_default().read()?;
    let few = counted.iter().all(|counted| counted.boards <= FEW_BOARDS);
    Ok(few && ground.shared.is_empty())
}

/// The corners of a circle's frame, and how many are looked at.
fn corners(circle: Near) -> [Arg; 5] {
    let frame = circle.point.within(circle.radius_m);
    let (from, to) = (frame.from, frame.to);
    [
        from.latitude,
        to.latitude,
        from.longitude,
        to.longitude,
        MOST_IN_CIRCLE,
    ]
    .map(Arg::from)
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
        i64::from(filter.on_board).into(),
    ]
}

async fn found(
    store: &dyn ReadStore,
    sql: &'static str,
    args: Vec<Arg>,
) -> Result<Vec<Candidate>, StoreError> {
    let mut snapshot = store.query(MODEL, vec![Query { sql, args }]).await?;
    snapshot.found.pop().unwrap_or_default().read()
}

/// The host with this key, if it takes part in the network.
pub async fn candidate(
    store: &dyn ReadStore,
    network: &Slug,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<Candidate>, StoreError> {
    let mut args: Vec<Arg> = vec![network.as_str().into(), micros(now).into()];
    args.extend([const { Arg::Null }; 4]);
    args.extend([Arg::Integer(0), key.into()]);
    let sql = candidates!("h.network = $1 AND h.key = $8");
    Ok(found(store, sql, args).await?.into_iter().next())
}

/// Those in the circle and after a distance and a key, in order of distance.
fn nearest_first(
    keys: Vec<Candidate>,
    near: Near,
    (after, after_key): &(String, String),
) -> Vec<Candidate> {
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
    keys.retain(|key| (&key.order(), &key.key) > (after, after_key));
    keys.sort_by(|a, b| (a.distance_m, &a.key).cmp(&(b.distance_m, &b.key)));
    keys
}
