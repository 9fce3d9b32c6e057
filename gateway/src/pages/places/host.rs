//! A host as the list, the map and its own page tell of it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::network::Initiative;
use domain::place::Wheelchair;
use projections::opening::{Closure, Opening};
use projections::venue_availability::query::{HostAvailability, ItemAvailability};

use crate::pages::figures::{day_of, money};
use crate::pages::layout::Page;
use crate::pages::map::Dot;

/// The clock and the money of a network, with which its hosts are told of.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The page.
    pub page: &'a Page,
    /// The network's slug.
    pub slug: &'a str,
    /// Its currency.
    pub currency: &'a str,
    /// Its time zone.
    pub zone: Tz,
    /// The time now.
    pub now: DateTime<Utc>,
}

/// A host in words.
pub struct Host {
    /// Its anchor in the list.
    pub anchor: String,
    /// Its own page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What house it is.
    pub kind: String,
    /// Its address.
    pub address: String,
    /// Its district's code.
    pub district_code: String,
    /// Whether it is open.
    pub state: State,
    /// What is free there.
    pub services: Vec<Bit>,
    /// What is on its board.
    pub items: Vec<Item>,
    /// Whether one gets in with a wheelchair.
    pub wheelchair: String,
    /// When it was last confirmed.
    pub confirmed: String,
    at: Option<(f64, f64)>,
}

/// How something stands: colour, symbol and words.
pub struct State {
    /// The class.
    pub tone: &'static str,
    /// The symbol.
    pub symbol: &'static str,
    /// The words.
    pub words: String,
}

/// Something small in a list.
pub struct Bit {
    /// What.
    pub text: String,
    /// Whether it is there now.
    pub has: bool,
}

/// An item of a venue.
pub struct Item {
    /// What kind it is.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its price.
    pub price: String,
    /// How many wait, in words.
    pub waiting: String,
    /// Whether any waits.
    pub has: bool,
}

impl<'a> Frame<'a> {
    /// The clock and the money of this network.
    #[must_use]
    pub fn of(page: &'a Page, network: &'a Initiative, now: DateTime<Utc>) -> Self {
        Self {
            page,
            slug: network.founded.network.as_str(),
            currency: network.founded.currency.0.code(),
            zone: network.founded.timezone,
            now,
        }
    }

    /// A host in words.
    #[must_use]
    pub fn host(&self, host: &HostAvailability) -> Host {
        let page = self.page;
        let venue = host.venue_id.map(|id| id.to_string());
        let place = host.place.as_ref();
        let key = venue.clone().or_else(|| Some(place?.place_id.to_string()));
        let key = key.unwrap_or_default();
        let kind = host.kind.map(|kind| page.kind("venue-kind-", &kind));
        let kind = kind.or_else(|| Some(page.kind("place-kind-", &place?.kind)));
        let known = place.filter(|place| place.wheelchair != Wheelchair::Unknown);
        Host {
            anchor: format!("h-{key}"),
            href: format!("/n/{}/venues/{key}", self.slug),
            name: host.name.clone(),
            kind: kind.unwrap_or_default(),
            address: place.map(|place| place.address.clone()).unwrap_or_default(),
            district_code: place.map(|it| it.district_code.clone()).unwrap_or_default(),
            state: self.state(&host.opening),
            services: self.services(host),
            items: host
                .items
                .iter()
                .map(|item| self.item(item, host.takes_vouchers))
                .collect(),
            wheelchair: known
                .map(|it| page.kind("wheelchair-", &it.wheelchair))
                .unwrap_or_default(),
            confirmed: self.confirmed(host),
            at: place.map(|place| {
                let degrees = projections::geography::degrees;
                (
                    degrees(place.longitude_microdegrees),
                    degrees(place.latitude_microdegrees),
                )
            }),
        }
    }

    /// Whether something is open: colour, symbol and words.
    #[must_use]
    pub fn state(&self, opening: &Opening) -> State {
        let page = self.page;
        let at = |at: DateTime<Utc>| page.moment(at, self.now, self.zone);
        let (tone, symbol, words) = match opening {
            Opening::Open { until: Some(until) } => {
                ("good", "●", page.s("state-open-until", at(*until)))
            }
            Opening::Open { until: None } => ("good", "●", page.t("state-open")),
            Opening::Closed {
                opens_at: Some(opens),
                ..
            } => ("bad", "■", page.s("state-opens-at", at(*opens))),
            Opening::Closed { opens_at: None, .. } => ("bad", "■", page.t("state-closed")),
            Opening::Suspended => ("none", "◆", page.t("state-suspended")),
            Opening::Unknown => ("wait", "◆", page.t("state-unknown")),
        };
        State {
            tone,
            symbol,
            words,
        }
    }

    /// An announced closure in words.
    #[must_use]
    pub fn closure(&self, closure: &Closure) -> String {
        let page = self.page;
        let word = serde_json::to_value(closure.reason).unwrap_or_default();
        let reason = page.kind("closure-reason-", &word.as_str().unwrap_or("other"));
        let at = |at| page.moment(at, self.now, self.zone);
        let from = at(closure.from);
        match closure.until {
            Some(until) => format!("{from} – {}: {reason}", at(until)),
            None => format!("{}: {reason}", page.s("closed-from", from)),
        }
    }

    fn services(&self, host: &HostAvailability) -> Vec<Bit> {
        let page = self.page;
        let bits = host.services.iter().map(|service| {
            let mut text = page.kind("service-kind-", &service.kind);
            if let Some(name) = &service.name {
                text = format!("{text}: {name}");
            }
            if service.paused {
                text = format!("{text} ({})", page.t("service-paused"));
            }
            let open = matches!(service.opening, Opening::Open { .. });
            Bit {
                text,
                has: open && !service.paused,
            }
        });
        bits.collect()
    }

    fn item(&self, item: &ItemAvailability, takes_vouchers: bool) -> Item {
        let count = if takes_vouchers {
            item.on_board + item.shared
        } else {
            0
        };
        Item {
            kind: self.page.kind("item-kind-", &item.kind),
            name: item.name.clone(),
            price: money(self.page.lang, item.price_minor, self.currency),
            waiting: self.page.n("on-board", count),
            has: count > 0,
        }
    }

    fn confirmed(&self, host: &HostAvailability) -> String {
        let day = day_of(self.page.lang, host.last_confirmed_at, self.zone);
        let key = if host.stale {
            "confirmed-too-long-ago"
        } else {
            "confirmed-on"
        };
        self.page.s(key, day)
    }
}

impl Host {
    /// Its dot on the map.
    #[must_use]
    pub fn dot(&self) -> Option<Dot> {
        Some(Dot {
            title: format!("{}: {}", self.name, self.state.words),
            href: format!("#{}", self.anchor),
            tone: self.state.tone,
            at: self.at?,
        })
    }
}
