//! Venues and commands that the tests of this folder start from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::admit::{Admit, Admitted, VenueKind};
use super::announce_closure::{AnnounceClosure, ClosureAnnounced, ClosureReason};
use super::cancel_closure::CancelClosure;
use super::confirm::{Confirm, Confirmable, Confirmed};
use super::delist_item::DelistItem;
use super::disposal::{Destination, Disposal};
use super::dispose_vouchers::DisposeVouchers;
use super::give_item::{GiftReason, GiveItem, ItemGiven};
use super::leave::{Leave, Left};
use super::list_item::{ItemListed, ListItem};
use super::reprice_item::{ItemRepriced, RepriceItem};
use super::resume::Resume;
use super::set_hours::{HoursSet, SetHours};
use super::suspend::{Suspend, Suspended};
use super::turn_away::{AskedFor, TurnAway, TurnedAway, TurnedAwayReason};
use super::{ItemKind, Venue, VenueCommand};
use crate::Entity;
use crate::ids::{ClosureId, ItemId, PlaceId, VenueId};
use crate::money::Minor;
use crate::service::ServiceKind;

pub fn admit() -> Admit {
    let admitted = Admitted {
        network: "praha".parse().expect("a slug"),
        name: "Kavárna Na Rohu".parse().expect("a name"),
        kind: VenueKind::Cafe,
        place_id: PlaceId(Uuid::from_u128(9)),
    };
    Admit {
        admitted,
        place_is_open: true,
    }
}

pub fn list_item() -> ListItem {
    ListItem {
        listed: ItemListed {
            item_id: ItemId(Uuid::from_u128(2)),
            kind: ItemKind::HotDrink,
            name: "Coffee".parse().expect("a name"),
            price_minor: Minor::try_from(6500).expect("a price"),
            daily_limit: None,
        },
    }
}

pub const OTHER_VENUE: VenueId = VenueId(Uuid::from_u128(11));

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

pub fn set_hours() -> SetHours {
    let opening_hours = "Mo-Fr 08:00-18:00; PH off".parse().expect("hours");
    SetHours {
        set: HoursSet { opening_hours },
    }
}

pub fn announce_closure() -> AnnounceClosure {
    let announced = ClosureAnnounced {
        at: at("2026-12-01T09:00:00Z"),
        closure_id: ClosureId(Uuid::from_u128(20)),
        from: at("2026-12-23T23:00:00Z"),
        to: Some(at("2027-01-01T23:00:00Z")),
        reason: ClosureReason::Holiday,
    };
    AnnounceClosure { announced }
}

pub fn cancel_closure() -> CancelClosure {
    CancelClosure {
        closure_id: announce_closure().announced.closure_id,
    }
}

pub fn confirm() -> Confirm {
    let confirmed = Confirmed {
        at: at("2026-11-05T08:00:00Z"),
        what: Confirmable::All,
    };
    Confirm { confirmed }
}

pub fn reprice_item() -> RepriceItem {
    let repriced = ItemRepriced {
        item_id: list_item().listed.item_id,
        price_minor: Minor::try_from(7000).expect("a price"),
    };
    RepriceItem { repriced }
}

pub fn delist_item() -> DelistItem {
    DelistItem {
        item_id: list_item().listed.item_id,
    }
}

pub fn turn_away() -> TurnAway {
    let turned_away = TurnedAway {
        what: AskedFor::Service {
            service_kind: ServiceKind::WarmUp,
        },
        reason: TurnedAwayReason::CapacityFull,
        count: 2,
        come_back_at: Some(at("2026-11-05T15:00:00Z")),
    };
    TurnAway { turned_away }
}

pub fn give_item() -> GiveItem {
    let given = ItemGiven {
        item_id: Some(list_item().listed.item_id),
        units: 1,
        reason: GiftReason::NothingOnBoard,
    };
    GiveItem { given }
}

fn to_the_neighbour() -> Disposal {
    Disposal::RehomeTo {
        venue_id: OTHER_VENUE,
        items: [(ItemKind::HotDrink, ItemId(Uuid::from_u128(12)))].into(),
    }
}

pub fn suspend() -> Suspend {
    Suspend {
        suspended: Suspended {
            effective_at: at("2026-11-09T00:00:00Z"),
            vouchers: to_the_neighbour(),
        },
        destination: Destination::Open,
    }
}

pub fn leave() -> Leave {
    Leave {
        left: Left {
            effective_at: at("2026-11-30T23:00:00Z"),
            vouchers: Disposal::Refund,
        },
        destination: Destination::None,
    }
}

/// The venue after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = VenueCommand>) -> Venue {
    commands
        .into_iter()
        .fold(Venue::Unknown, |mut venue, command| {
            for event in venue.decide(&command).expect("allowed") {
                venue.evolve(event);
            }
            venue
        })
}

pub fn admitted() -> Venue {
    after([admit().into()])
}

pub fn with_an_item() -> Venue {
    after([admit().into(), list_item().into()])
}

pub fn with_a_delisted_item() -> Venue {
    after([admit().into(), list_item().into(), delist_item().into()])
}

pub fn suspended() -> Venue {
    after([admit().into(), suspend().into()])
}

pub fn left() -> Venue {
    after([admit().into(), leave().into()])
}

/// Commands that are allowed one after the other, and together reach every stage by every act.
pub fn stories() -> Vec<Vec<VenueCommand>> {
    vec![vec![
        admit().into(),
        set_hours().into(),
        announce_closure().into(),
        cancel_closure().into(),
        confirm().into(),
        list_item().into(),
        reprice_item().into(),
        turn_away().into(),
        give_item().into(),
        delist_item().into(),
        suspend().into(),
        Resume {}.into(),
        leave().into(),
        DisposeVouchers {
            count: 3,
            all: true,
        }
        .into(),
    ]]
}
