//! Asking what the districts of a network have and lack.

use chrono::{DateTime, TimeDelta, Utc};
use domain::geography::Boundary;
use domain::network::Initiative;
use domain::service::ServiceKind;
use domain::text::{Label, Slug};
use domain::venue::turn_away::TurnedAwayReason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::MODEL;
use super::compute::{Facts, Reader};
use super::week::Week;
use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::opening::Calendar;
use crate::small::{SmallCount, told_until};
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::table::Json;
use crate::time::{micros, minute};

/// The most districts of one answer.
pub const MAX_DISTRICTS: u32 = 200;
/// How far back requests are counted as fulfilled, and how long they took is looked at.
pub const LOOK_BACK: TimeDelta = TimeDelta::days(365);
/// The most fulfilled requests that one answer looks at, the latest first.
const MOST_FULFILLED: i64 = 50_000;

/// Which districts, and which week.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// One district; none = all.
    pub district_code: Option<Label>,
    /// The week whose hours are counted; none = this one.
    pub week: Option<Week>,
    /// Whether the boundaries are wanted.
    pub boundaries: bool,
    /// Whether small counts are told exactly: for analysts, coordinators and operators.
    pub exact: bool,
    /// How many at most, 1 to [`MAX_DISTRICTS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// What the districts have and lack.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DistrictCoverageAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The minute for which everything but the hours is said.
    pub at: DateTime<Utc>,
    /// The week whose hours are counted, as in ISO 8601.
    pub week: String,
    /// Its first instant in the network's time zone.
    pub week_from: DateTime<Utc>,
    /// Its end, exclusive.
    pub week_to: DateTime<Utc>,
    /// The districts, by official code.
    pub districts: Vec<DistrictReport>,
    /// How to ask for the districts after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// What one district has and lacks.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DistrictReport {
    /// Its official code.
    pub code: String,
    /// Its public name.
    pub name: String,
    /// How many people live there.
    pub population: i64,
    /// Its boundary, if it was asked for.
    pub boundary: Option<Boundary>,
    /// Places that are not closed.
    pub places: i64,
    /// Venues that take part, also while they are suspended.
    pub venues: i64,
    /// Minutes of the week in which at least one venue is open.
    pub venue_open_minutes: i64,
    /// The free services, by kind.
    pub services: Vec<ServiceCoverage>,
    /// The kinds of free services that nobody offers here.
    pub missing_services: Vec<ServiceKind>,
    /// Vouchers that wait at venues here now. One that several venues take counts at each.
    pub vouchers_on_board: i64,
    /// Uses of vouchers at venues here so far, without those taken back.
    pub vouchers_redeemed: i64,
    /// People turned away here so far, by reason.
    pub turned_away: Vec<TurnedAwayCount>,
    /// Requests for help from here.
    pub help_requests: HelpCoverage,
    /// Some of these numbers per 10,000 inhabitants; absent where nobody lives.
    pub per_10000: Option<Rates>,
}

/// One kind of free service in a district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceCoverage {
    /// The kind.
    pub kind: ServiceKind,
    /// How many are offered, also those that are paused.
    pub services: i64,
    /// Minutes of the week in which at least one is there, with public holidays and announced
    /// closures counted.
    pub open_minutes: i64,
}

/// People turned away for one reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TurnedAwayCount {
    /// Why.
    pub reason: TurnedAwayReason,
    /// How many.
    pub count: i64,
}

/// Requests for help of a district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HelpCoverage {
    /// Those that had not ended when the day began, whether somebody has taken them on or not.
    pub open: SmallCount,
    /// Those that were fulfilled in the 365 days before.
    pub fulfilled: SmallCount,
    /// Those that were closed because no help was found.
    pub unmet: SmallCount,
    /// The median time from the request to its fulfilment, in minutes, of the 365 days before; for
    /// the public in whole hours. Absent where there are none or too few to be told.
    pub median_minutes_to_fulfilment: Option<i64>,
}

/// Numbers per 10,000 inhabitants, to two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Rates {
    /// Places.
    pub places: f64,
    /// Venues.
    pub venues: f64,
    /// Free services.
    pub services: f64,
    /// Uses of vouchers so far.
    pub vouchers_redeemed: f64,
    /// People turned away so far.
    pub turned_away: f64,
    /// Open requests for help; absent where they are too few to be told.
    pub help_requests_open: Option<f64>,
}

/// What the districts of a network have and lack; nothing if there is no such network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn district_coverage(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<Option<DistrictCoverageAnswer>, StoreError> {
    let limit = filter.limit.clamp(1, MAX_DISTRICTS);
    let queries = vec![
        Query {
            sql: NETWORK,
            args: vec![filter.network.as_str().into()],
        },
        filter.districts(limit)?,
    ];
    let mut snapshot = ask(store, MODEL, queries, seen.position, seen.wait).await?;
    let mut districts: Vec<FoundDistrict> = snapshot.found.pop().unwrap_or_default().read()?;
    let network: Vec<FoundNetwork> = snapshot.found.pop().unwrap_or_default().read()?;
    let Some(initiative) = network
        .into_iter()
        .next()
        .map(|network| network.initiative.0)
    else {
        return Ok(None);
    };
    let more = cursor::cut(&mut districts, limit);
    let next_cursor = districts
        .last()
        .filter(|_| more)
        .map(|last| cursor::write(&[&last.code]));
    let calendar = Calendar::of(&initiative);
    let week = filter
        .week
        .unwrap_or_else(|| Week::of(now, calendar.timezone()));
    let within = week.span(calendar.timezone());
    let small_count = if filter.exact {
        1
    } else {
        initiative.policy(now).small_count
    };
    let facts = facts(store, filter, &districts, now).await?;
    let mut reader = Reader::new(calendar, within, now, small_count, &facts);
    let report = |district: FoundDistrict| reader.report(district);
    Ok(Some(DistrictCoverageAnswer {
        view: View::at(&snapshot.checkpoint, seen.position),
        at: minute(now),
        week: week.to_string(),
        week_from: within.from,
        week_to: within.to,
        districts: districts.into_iter().map(report).collect(),
        next_cursor,
    }))
}

#[derive(Deserialize)]
struct FoundNetwork {
    initiative: Json<Initiative>,
}

/// A district's row; the boundary is null where it was not asked for.
#[derive(Deserialize)]
pub(super) struct FoundDistrict {
    pub code: String,
    pub name: String,
    pub population: i64,
    pub boundary: Option<Json<Boundary>>,
}

const NETWORK: &str = "SELECT initiative FROM district_coverage_network WHERE key = $1";

impl Filter {
    fn districts(&self, limit: u32) -> Result<Query, StoreError> {
        let [after] = cursor::read(self.cursor.as_deref())?;
        let sql = "SELECT code, name, population,
               CASE WHEN $5 = 1 THEN boundary END AS boundary
             FROM district_coverage_district
             WHERE network = $1 AND code > $2 AND (CAST($3 AS TEXT) IS NULL OR code = $3)
             ORDER BY code LIMIT $4";
        let code = self
            .district_code
            .as_ref()
            .map(|code| code.as_str().to_owned());
        let args = vec![
            self.network.as_str().into(),
            after.into(),
            code.into(),
            (i64::from(limit) + 1).into(),
            i64::from(self.boundaries).into(),
        ];
        Ok(Query { sql, args })
    }
}

/// All facts about these districts, which are next to one another in order of code.
async fn facts(
    store: &dyn ReadStore,
    filter: &Filter,
    districts: &[FoundDistrict],
    now: DateTime<Utc>,
) -> Result<Facts, StoreError> {
    let (Some(first), Some(last)) = (districts.first(), districts.last()) else {
        return Ok(Facts::default());
    };
    let between: Vec<Arg> = vec![
        filter.network.as_str().into(),
        first.code.as_str().into(),
        last.code.as_str().into(),
    ];
    let of = |sql: &'static str, more: &[i64]| {
        let mut args = between.clone();
        args.extend(more.iter().copied().map(Arg::from));
        Query { sql, args }
    };
    let now_micros = micros(now);
    // Planners hear of requests at once, the public the day after.
    let (at, known_by) = if filter.exact {
        (now, i64::MAX)
    } else {
        (told_until(now), micros(told_until(now)))
    };
    let queries = vec![
        of(PLACES, &[]),
        of(VENUES, &[now_micros]),
        of(SERVICES, &[now_micros]),
        of(BOARDS, &[now_micros]),
        of(OVER, &[now_micros]),
        of(TURNED_AWAY, &[]),
        of(REQUESTS, &[micros(at), known_by]),
        of(
            FULFILLED,
            &[micros(at - LOOK_BACK), MOST_FULFILLED, known_by],
        ),
    ];
    let snapshot = store.query(MODEL, queries).await?;
    let mut found = snapshot.found.into_iter();
    let mut next = || found.next().unwrap_or_default();
    Ok(Facts {
        places: next().read()?,
        venues: next().read()?,
        services: next().read()?,
        boards: next().read()?,
        over: next().read()?,
        turned_away: next().read()?,
        requests: next().read()?,
        fulfilled: next().read()?,
    })
}

const PLACES: &str = "SELECT district_code, COUNT(*) AS count FROM district_coverage_place
     WHERE network = $1 AND district_code BETWEEN $2 AND $3 AND closed = 0
     GROUP BY district_code";

/// Venues that keep the same hours and closures are one row.
const VENUES: &str = "SELECT p.district_code, v.hours, v.closures, v.suspended_from, v.left_from,
       COUNT(*) AS count
     FROM district_coverage_place p
     JOIN district_coverage_venue v ON v.place_id = p.key
     WHERE p.network = $1 AND p.district_code BETWEEN $2 AND $3 AND p.closed = 0
       AND (v.left_from IS NULL OR v.left_from > $4)
     GROUP BY p.district_code, v.hours, v.closures, v.suspended_from, v.left_from";

/// Services of a kind that keep the same hours and closures are one row.
const SERVICES: &str = "SELECT p.district_code, s.kind, COALESCE(s.hours, v.hours) AS hours,
       v.closures, v.suspended_from, v.left_from, s.paused, s.paused_until, COUNT(*) AS count
     FROM district_coverage_place p
     JOIN district_coverage_service s ON s.place_id = p.key
     LEFT JOIN district_coverage_venue v ON v.key = s.venue_id
     LEFT JOIN district_coverage_organisation o ON o.key = s.organisation_id
     WHERE p.network = $1 AND p.district_code BETWEEN $2 AND $3 AND p.closed = 0
       AND COALESCE(o.gone, 0) = 0 AND (v.left_from IS NULL OR v.left_from > $4)
     GROUP BY p.district_code, s.kind, COALESCE(s.hours, v.hours), v.closures, v.suspended_from,
       v.left_from, s.paused, s.paused_until";

/// Nothing waits where no voucher is taken now; what was used stays counted.
const BOARDS: &str = "SELECT p.district_code,
       CAST(SUM(CASE WHEN v.left_from <= $4 OR v.suspended_from <= $4 THEN 0
         ELSE b.waiting END) AS BIGINT) AS waiting,
       CAST(SUM(b.redeemed) AS BIGINT) AS redeemed
     FROM district_coverage_place p
     JOIN district_coverage_venue v ON v.place_id = p.key
     JOIN district_coverage_board b ON b.venue_id = v.key
     WHERE p.network = $1 AND p.district_code BETWEEN $2 AND $3
     GROUP BY p.district_code";

/// What is over by the clock, while `expired` is not recorded yet.
const OVER: &str = "SELECT p.district_code, COUNT(*) AS count
     FROM district_coverage_waiting w
     JOIN district_coverage_board b ON b.key = w.board
     JOIN district_coverage_venue v ON v.key = b.venue_id
     JOIN district_coverage_place p ON p.key = v.place_id
     WHERE w.network = $1 AND p.district_code BETWEEN $2 AND $3 AND w.expires_at <= $4
       AND (v.left_from IS NULL OR v.left_from > $4)
       AND (v.suspended_from IS NULL OR v.suspended_from > $4)
     GROUP BY p.district_code";

const TURNED_AWAY: &str = "SELECT p.district_code, t.reason, CAST(SUM(t.count) AS BIGINT) AS count
     FROM district_coverage_place p
     JOIN district_coverage_venue v ON v.place_id = p.key
     JOIN district_coverage_turned_away t ON t.venue_id = v.key
     WHERE p.network = $1 AND p.district_code BETWEEN $2 AND $3
     GROUP BY p.district_code, t.reason ORDER BY p.district_code, t.reason";

const REQUESTS: &str = "SELECT district_code,
       CAST(SUM(CASE WHEN until > $4 AND (known_until IS NULL OR known_until > $5)
         THEN 1 ELSE 0 END) AS BIGINT) AS open,
       CAST(SUM(CASE WHEN known_until <= $5 THEN unmet ELSE 0 END) AS BIGINT) AS unmet
     FROM district_coverage_request
     WHERE network = $1 AND district_code BETWEEN $2 AND $3 AND known_from <= $5
     GROUP BY district_code";

const FULFILLED: &str = "SELECT district_code, fulfilled_at - requested_at AS took
     FROM district_coverage_request
     WHERE network = $1 AND district_code BETWEEN $2 AND $3 AND fulfilled_at > $4
       AND known_until <= $6
     ORDER BY fulfilled_at DESC LIMIT $5";
