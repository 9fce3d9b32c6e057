//! Cafés, and what is prepaid there.

use chrono::{DateTime, Utc};
use commands::district::draw::Draw;
use commands::place::add::Add;
use commands::venue::admit::Admit;
use commands::venue::list_item::ListItem;
use commands::voucher::prepay::{Giver, Prepay, What};
use domain::ids::{ItemId, VenueId};
use domain::money::Minor;
use domain::place::{Description, PlaceKind, Wheelchair};
use domain::venue::ItemKind;
use domain::venue::admit::VenueKind;
use domain::voucher::{HeldBy, OnExpiry, Placed, Source};
use serde_json::json;

use super::bench::Bench;

/// A café with a coffee.
#[derive(Clone, Copy, Debug)]
pub struct Cafe {
    pub venue_id: VenueId,
    pub item_id: ItemId,
}

pub fn minor(amount: i64) -> Minor {
    Minor::try_from(amount).expect("an amount")
}

/// A café with this name that sells coffee for this price.
pub async fn a_cafe(bench: &Bench, now: DateTime<Utc>, name: &str, price_minor: i64) -> Cafe {
    let ring = json!([[14.4, 50.0], [14.5, 50.0], [14.5, 50.1], [14.4, 50.0]]);
    let boundary = json!({"type": "Polygon", "coordinates": [ring]});
    let district = Draw {
        code: "500054".parse().expect("a code"),
        name: "Praha 1".parse().expect("a name"),
        population: 29_000,
        boundary: serde_json::from_value(boundary).expect("a boundary"),
    };
    bench.done(now, district).await;
    let description = Description {
        kind: PlaceKind::Venue,
        name: name.parse().expect("a name"),
        address: "Celetná 1".parse().expect("an address"),
        district_code: "500054".parse().expect("a code"),
        latitude: 50.08.try_into().expect("a latitude"),
        longitude: 14.42.try_into().expect("a longitude"),
        wheelchair: Wheelchair::Unknown,
    };
    let place_id = bench.done(now, Add { description }).await.place_id;
    let venue = Admit {
        name: name.parse().expect("a name"),
        kind: VenueKind::Cafe,
        place_id,
    };
    let venue_id = bench.done(now, venue).await.venue_id;
    let item_id = an_item(bench, now, venue_id, ItemKind::HotDrink, price_minor).await;
    Cafe { venue_id, item_id }
}

/// One more thing that a venue sells.
pub async fn an_item(
    bench: &Bench,
    now: DateTime<Utc>,
    venue_id: VenueId,
    kind: ItemKind,
    price_minor: i64,
) -> ItemId {
    let item = ListItem {
        venue_id,
        kind,
        name: kind.to_string().parse().expect("a name"),
        price_minor: minor(price_minor),
        daily_limit: None,
    };
    bench.done(now, item).await.item_id
}

/// Coffees for the board of a café.
pub fn coffees(cafe: &Cafe, quantity: u32) -> Prepay {
    Prepay {
        quantity,
        what: What::Item {
            venue_id: cafe.venue_id,
            item_id: cafe.item_id,
        },
        placed: Placed::Board,
        giver: Giver::Nobody,
        fund_id: None,
        source: Source::BankTransfer,
        held_by: HeldBy::Network,
        campaign: None,
        expires_on: None,
        on_expiry: OnExpiry::CommonFund,
    }
}
