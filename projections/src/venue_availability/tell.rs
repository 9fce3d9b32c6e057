//! What is said of a host: its rows, the network's calendar and the time now.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use domain::ids::VenueId;
use domain::network::Initiative;

use super::candidates::Own;
use super::load::{Details, FoundHost, FoundItem, FoundOther, FoundService, Ground};
use super::query::{
    HostAvailability, ItemAvailability, OrganisationAnswer, OtherVouchers, PlaceAnswer,
    ServiceAvailability, SharedVouchers, is_stale,
};
use crate::opening::{Calendar, Closure, Opening};
use crate::time::{instant, micros};

/// The network's rules and clock, and for which time something is said.
struct Moment<'a> {
    initiative: &'a Initiative,
    calendar: &'a Calendar,
    now: DateTime<Utc>,
    at: DateTime<Utc>,
}

impl Ground {
    /// Whether a host may be open at that time. What a place offers says of itself when it is there.
    pub fn may_be_open(&self, own: &Own, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let moment = self.moment(now, at);
        let is_open = |moment| matches!(own.opening(&moment), Opening::Open { .. });
        own.venue_id.is_none() || moment.is_some_and(is_open)
    }

    fn moment(&self, now: DateTime<Utc>, at: DateTime<Utc>) -> Option<Moment<'_>> {
        let (initiative, calendar) = self.calendar.as_ref()?;
        Some(Moment {
            initiative,
            calendar,
            now,
            at,
        })
    }
}

impl Details<'_> {
    /// What is said of the host with this key; nothing if its network is not known.
    pub fn host(&self, key: &str, now: DateTime<Utc>) -> Option<HostAvailability> {
        let host = self.hosts.iter().find(|host| host.key == key)?;
        let moment = self.ground.moment(now, now)?;
        let suspended = host.own.is_suspended(now);
        let own = host.own.opening(&moment);
        Some(HostAvailability {
            venue_id: host
                .own
                .venue_id
                .as_deref()
                .and_then(|id| id.parse::<VenueId>().ok()),
            name: host.name.clone(),
            kind: host.kind,
            place: host.place(),
            distance_m: None,
            opening: self.opening(host, &own, &moment),
            opening_hours: host.own.opening_hours.clone(),
            closures: host.own.closures(now),
            last_confirmed_at: instant(host.own.fresh_at),
            stale: moment.is_stale(&host.own),
            takes_vouchers: host.own.venue_id.is_some() && !suspended,
            services: self
                .services(host)
                .map(|service| service.tell(host, &own, &moment))
                .collect(),
            items: self
                .items(key)
                .map(|item| item.tell(&self.ground.shared))
                .collect(),
            other_vouchers: self.others(key).collect(),
        })
    }

    /// Whether the host is known to be open at that time.
    pub fn is_open(&self, key: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let host = self.hosts.iter().find(|host| host.key == key);
        let opening = host.and_then(|host| {
            let moment = self.ground.moment(now, at)?;
            Some(self.opening(host, &host.own.opening(&moment), &moment))
        });
        matches!(opening, Some(Opening::Open { .. }))
    }

    /// A venue has hours of its own; a place is open while any service there is.
    fn opening(&self, host: &FoundHost, own: &Opening, moment: &Moment<'_>) -> Opening {
        if host.own.venue_id.is_some() {
            return own.clone();
        }
        let each = self
            .services(host)
            .map(|service| service.opening(host, own, moment));
        each.min_by_key(by_when_one_gets_in)
            .unwrap_or(Opening::Unknown)
    }

    fn services(&self, host: &FoundHost) -> impl Iterator<Item = &FoundService> {
        self.services.iter().filter(move |service| {
            service.place_id == host.place_id
                && (service.organisation_id.is_some() || service.venue_id == host.own.venue_id)
        })
    }

    fn items(&self, venue: &str) -> impl Iterator<Item = &FoundItem> {
        self.items.iter().filter(move |item| item.venue_id == venue)
    }

    fn others(&self, venue: &str) -> impl Iterator<Item = OtherVouchers> {
        let here = move |other: &&FoundOther| other.venue_id.as_deref() == Some(venue);
        self.others.iter().filter(here).map(|other| OtherVouchers {
            item_kind: other.item_kind,
            on_board: other.on_board,
        })
    }
}

/// What is open longest comes first, then what opens first; what nobody knows comes last.
fn by_when_one_gets_in(opening: &Opening) -> (u8, Option<Reverse<i64>>, i64) {
    let or_never = |at: Option<DateTime<Utc>>| at.map_or(i64::MAX, micros);
    match opening {
        Opening::Open { until } => (0, Some(Reverse(or_never(*until))), 0),
        Opening::Closed { opens_at, .. } => (1, None, or_never(*opens_at)),
        Opening::Suspended => (2, None, 0),
        Opening::Unknown => (3, None, 0),
    }
}

impl Moment<'_> {
    fn is_stale(&self, own: &Own) -> bool {
        let days = self.initiative.policy(self.now).stale_after_days;
        is_stale(instant(own.fresh_at), days, self.now)
    }
}

impl Own {
    fn is_suspended(&self, at: DateTime<Utc>) -> bool {
        self.suspended_from.is_some_and(|from| instant(from) <= at)
    }

    fn closures(&self, now: DateTime<Utc>) -> Vec<Closure> {
        let all = self.closures.0.iter().map(Closure::from);
        all.filter(|closure| closure.until.is_none_or(|until| until > now))
            .collect()
    }

    fn opening(&self, moment: &Moment<'_>) -> Opening {
        if self.is_suspended(moment.at) {
            Opening::Suspended
        } else if moment.is_stale(self) {
            Opening::Unknown
        } else {
            let closures = self.closures(moment.now);
            let hours = self.opening_hours.as_deref();
            moment.calendar.opening(hours, &closures, moment.at)
        }
    }
}

impl FoundHost {
    fn place(&self) -> Option<PlaceAnswer> {
        Some(PlaceAnswer {
            place_id: self.place_id.parse().ok()?,
            kind: self.place_kind?,
            name: self.place_name.clone()?,
            address: self.address.clone()?,
            district_code: self.district_code.clone()?,
            latitude_microdegrees: self.latitude?,
            longitude_microdegrees: self.longitude?,
            wheelchair: self.wheelchair?,
        })
    }
}

impl FoundService {
    fn is_paused(&self, at: DateTime<Utc>) -> bool {
        self.paused != 0 && self.paused_until.is_none_or(|until| instant(until) > at)
    }

    fn opening(&self, host: &FoundHost, own: &Opening, moment: &Moment<'_>) -> Opening {
        if self.is_paused(moment.at) {
            return Opening::Closed {
                opens_at: self.paused_until.map(instant),
                closure: None,
            };
        }
        let Some(hours) = &self.hours else {
            return own.clone();
        };
        if self.venue_id.is_some() && host.own.is_suspended(moment.at) {
            Opening::Suspended
        } else if moment.is_stale(&host.own) {
            Opening::Unknown
        } else {
            let by_venue = self.venue_id.is_some();
            let closures = if by_venue {
                host.own.closures(moment.now)
            } else {
                Vec::new()
            };
            moment.calendar.opening(Some(hours), &closures, moment.at)
        }
    }

    fn tell(&self, host: &FoundHost, own: &Opening, moment: &Moment<'_>) -> ServiceAvailability {
        let organisation = self
            .organisation_id
            .map(|organisation_id| OrganisationAnswer {
                organisation_id,
                name: self.organisation_name.clone().unwrap_or_default(),
            });
        ServiceAvailability {
            service_id: self.key,
            kind: self.kind,
            name: self.name.clone(),
            organisation,
            capacity: self.capacity,
            hours: self.hours.clone(),
            opening: self.opening(host, own, moment),
            paused: self.is_paused(moment.at),
        }
    }
}

impl FoundItem {
    fn tell(&self, shared: &[SharedVouchers]) -> ItemAvailability {
        let fits = |shared: &&SharedVouchers| {
            shared.item_kind == Some(self.item.kind)
                && shared
                    .max_price_minor
                    .is_some_and(|max| max >= self.item.price_minor)
        };
        ItemAvailability {
            item_id: self.item.item_id,
            kind: self.item.kind,
            name: self.item.name.clone(),
            price_minor: self.item.price_minor,
            daily_limit: self.item.daily_limit,
            on_board: self.item.on_board,
            shared: shared
                .iter()
                .filter(fits)
                .map(|shared| shared.on_board)
                .sum(),
        }
    }
}

impl FoundOther {
    /// As a board of the whole network.
    pub fn shared(self) -> SharedVouchers {
        SharedVouchers {
            item_kind: self.item_kind,
            max_price_minor: self.max_price_minor,
            on_board: self.on_board,
        }
    }
}
