//! Asking where one can go: by name, or the nearest first.

use chrono::{DateTime, TimeDelta, Utc};
use domain::ids::{ItemId, OrganisationId, PlaceId, ServiceId, VenueId};
use domain::network::Initiative;
use domain::place::{PlaceKind, Wheelchair};
use domain::service::ServiceKind;
use domain::text::{Label, Slug};
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use serde::Serialize;
use utoipa::ToSchema;

use super::candidates::{Candidate, candidate, candidates};
use super::load;
use crate::answer::{Seen, View};
use crate::cursor;
use crate::geography::Point;
use crate::opening::{Closure, Opening};
use crate::store::{ReadStore, StoreError};
use crate::time::minute;

/// The most hosts of one answer.
pub const MAX_HOSTS: u32 = 50;
/// The longest distance that is looked through, in metres.
pub const MAX_RADIUS_M: u32 = 50_000;
/// How many batches are looked through for one answer; where few of the hosts fit, an answer may
/// be shorter than asked for and still have a cursor.
const MAX_BATCHES: usize = 10;
/// Of at least so many hosts all that is said is brought at once.
const FEWEST: usize = 10;

/// Which hosts.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// Only where such a service is not paused.
    pub service_kind: Option<ServiceKind>,
    /// Only where such an item is sold or waits on the board.
    pub item_kind: Option<ItemKind>,
    /// Only where a voucher waits (of `item_kind`, if it is given) that can be used there.
    pub on_board: bool,
    /// Only in this district.
    pub district_code: Option<Label>,
    /// Only what is known to be open then.
    pub open_at: Option<DateTime<Utc>>,
    /// Only what is near; the nearest come first.
    pub near: Option<Near>,
    /// Only what is called so, or is in such a street; accents and capitals do not matter.
    pub text: Option<String>,
    /// How many at most, 1 to [`MAX_HOSTS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// A circle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Its centre.
    pub point: Point,
    /// Its radius in metres, at most [`MAX_RADIUS_M`].
    pub radius_m: u32,
}

/// Where one can go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VenueAvailabilityAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The minute for which "open", "stale" and "on board" are said.
    pub at: DateTime<Utc>,
    /// The hosts, by name or by distance.
    pub hosts: Vec<HostAvailability>,
    /// What any venue of the network takes that has such an item; whole in every answer.
    pub shared: Vec<SharedVouchers>,
    /// How to ask for the hosts after these; absent at the end.
    pub next_cursor: Option<String>,
}

/// A venue, or a place at which an organisation offers something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HostAvailability {
    /// The venue; absent for a place.
    pub venue_id: Option<VenueId>,
    /// Its public name.
    pub name: String,
    /// What house it is; absent for a place.
    pub kind: Option<VenueKind>,
    /// Where it is; absent while nobody said.
    pub place: Option<PlaceAnswer>,
    /// How far from the point that was asked for, in metres.
    pub distance_m: Option<i64>,
    /// Whether it is open. Unknown if nobody said for too long.
    pub opening: Opening,
    /// When it is usually open, in the words of OpenStreetMap.
    pub opening_hours: Option<String>,
    /// The announced closures that are not over.
    pub closures: Vec<Closure>,
    /// When it was last said or shown that all this is true.
    pub last_confirmed_at: DateTime<Utc>,
    /// Whether that is longer ago than the network's policy trusts.
    pub stale: bool,
    /// Whether vouchers can be used here at all now.
    pub takes_vouchers: bool,
    /// What is free.
    pub services: Vec<ServiceAvailability>,
    /// What is sold, and how much of it waits.
    pub items: Vec<ItemAvailability>,
    /// What waits here for a whole kind of item, or as a credit.
    pub other_vouchers: Vec<OtherVouchers>,
}

/// Where a host is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlaceAnswer {
    /// The place.
    pub place_id: PlaceId,
    /// What it is.
    pub kind: PlaceKind,
    /// Its public name.
    pub name: String,
    /// Its address in one line.
    pub address: String,
    /// The official code of its district.
    pub district_code: String,
    /// Degrees north in millionths, WGS 84.
    pub latitude_microdegrees: i64,
    /// Degrees east in millionths, WGS 84.
    pub longitude_microdegrees: i64,
    /// Whether one gets in with a wheelchair.
    pub wheelchair: Wheelchair,
}

/// A free service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceAvailability {
    /// The service.
    pub service_id: ServiceId,
    /// What.
    pub kind: ServiceKind,
    /// Its name, where the kind does not say enough.
    pub name: Option<String>,
    /// The organisation, if it is not the venue that provides it.
    pub organisation: Option<OrganisationAnswer>,
    /// For how many people it has room at a time; absent = nobody counts.
    pub capacity: Option<i64>,
    /// When it is there; absent = whenever the venue is open.
    pub hours: Option<String>,
    /// Whether it is there now.
    pub opening: Opening,
    /// Whether it is paused now.
    pub paused: bool,
}

/// An organisation that provides a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrganisationAnswer {
    /// Its id.
    pub organisation_id: OrganisationId,
    /// Its public name.
    pub name: String,
}

/// An item of a venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ItemAvailability {
    /// The item.
    pub item_id: ItemId,
    /// Its kind.
    pub kind: ItemKind,
    /// Its name.
    pub name: String,
    /// Its price now, in minor units.
    pub price_minor: i64,
    /// The most that the venue hands out in a day.
    pub daily_limit: Option<i64>,
    /// How many vouchers wait for it here.
    pub on_board: i64,
    /// How many more wait that any venue with such an item takes: shared with all others.
    pub shared: i64,
}

/// Vouchers at a venue for no item in particular.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OtherVouchers {
    /// The kind of item; absent = credits.
    pub item_kind: Option<ItemKind>,
    /// How many wait.
    pub on_board: i64,
}

/// Vouchers that any venue takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SharedVouchers {
    /// The kind of item; absent = credits.
    pub item_kind: Option<ItemKind>,
    /// The highest price that is covered, in minor units; absent for credits.
    pub max_price_minor: Option<i64>,
    /// How many wait.
    pub on_board: i64,
}

/// Where one can go in a network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn venue_availability(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
    now: DateTime<Utc>,
) -> Result<VenueAvailabilityAnswer, StoreError> {
    let limit = usize::try_from(filter.limit.clamp(1, MAX_HOSTS)).unwrap_or(1);
    let ground = load::ground(store, &filter.network, seen, now).await?;
    let first = candidates(store, filter, &ground, filter.cursor.as_deref(), now);
    let mut batch = Some(first.await?);
    let (mut hosts, mut next_cursor) = (Vec::new(), None);
    for _ in 0..MAX_BATCHES {
        let Some(mut candidates) = batch.take() else {
            break;
        };
        next_cursor = candidates.next_cursor();
        let some = choose(
            store,
            filter,
            &ground,
            &candidates.keys,
            limit - hosts.len(),
            now,
        );
        let (some, last) = some.await?;
        hosts.extend(some);
        if let Some(last) = last {
            next_cursor = candidates.cursor_after(last);
            break;
        }
        if next_cursor.is_none() {
            break;
        }
        batch = match candidates.follow() {
            None => {
                let next = self::candidates(store, filter, &ground, next_cursor.as_deref(), now);
                Some(next.await?)
            }
            along => along,
        };
    }
    Ok(VenueAvailabilityAnswer {
        view: View::at(&ground.checkpoint, seen.position),
        at: minute(now),
        hosts,
        shared: ground.shared,
        next_cursor,
    })
}

/// Those of a batch that fit, until there are enough; then also says which was the last.
async fn choose<'a>(
    store: &dyn ReadStore,
    filter: &Filter,
    ground: &load::Ground,
    batch: &'a [Candidate],
    enough: usize,
    now: DateTime<Utc>,
) -> Result<(Vec<HostAvailability>, Option<&'a Candidate>), StoreError> {
    // All that is said of a host is brought only if its own hours do not rule it out already.
    let may_fit = |host: &&Candidate| {
        let at = filter.open_at;
        at.is_none_or(|at| ground.may_be_open(&host.own, at, now))
    };
    let likely: Vec<&Candidate> = batch.iter().filter(may_fit).collect();
    let mut hosts = Vec::new();
    for some in likely.chunks(enough.max(FEWEST)) {
        let known = load::details(store, ground, some, now).await?;
        for candidate in some {
            let is_open = |at| known.is_open(&candidate.key, at, now);
            if let Some(mut host) = known.host(&candidate.key, now)
                && filter.open_at.is_none_or(is_open)
                && (!filter.on_board || filter.waits(&host))
            {
                host.distance_m = candidate.distance_m;
                hosts.push(host);
            }
            if hosts.len() == enough {
                return Ok((hosts, Some(candidate)));
            }
        }
    }
    Ok((hosts, None))
}

/// One host, by its venue's id, or the place's where an organisation offers something.
///
/// # Errors
/// If the store is away.
pub async fn one_host(
    store: &dyn ReadStore,
    network: &Slug,
    key: &str,
    now: DateTime<Utc>,
) -> Result<Option<HostAvailability>, StoreError> {
    let Some(found) = candidate(store, network, key, now).await? else {
        return Ok(None);
    };
    let ground = load::ground(store, network, Seen::default(), now).await?;
    let known = load::details(store, &ground, &[&found], now).await?;
    Ok(known.host(&found.key, now))
}

/// The networks that were founded, by their slugs.
///
/// # Errors
/// If the store is away.
pub async fn networks(store: &dyn ReadStore) -> Result<Vec<Initiative>, StoreError> {
    load::networks(store).await
}

impl Filter {
    fn waits(&self, host: &HostAvailability) -> bool {
        let asked = |kind: Option<ItemKind>| self.item_kind.is_none() || self.item_kind == kind;
        let for_item =
            |item: &ItemAvailability| asked(Some(item.kind)) && item.on_board + item.shared > 0;
        let other = |other: &OtherVouchers| asked(other.item_kind) && other.on_board > 0;
        host.takes_vouchers
            && (host.items.iter().any(for_item) || host.other_vouchers.iter().any(other))
    }
}

/// Whether what was last said at `fresh_at` is too old to be trusted.
pub(super) fn is_stale(fresh_at: DateTime<Utc>, stale_after_days: u32, now: DateTime<Utc>) -> bool {
    now - fresh_at > TimeDelta::days(i64::from(stale_after_days))
}

/// Cursors by name hold the name and the key; by distance the distance and the key.
pub(super) fn position_of(cursor: Option<&str>) -> Result<(String, String), StoreError> {
    let [first, key] = cursor::read(cursor)?;
    Ok((first, key))
}
