//! Venues and commands that the tests of this folder start from.

use uuid::Uuid;

use super::admit::{Admit, Admitted, VenueKind};
use super::list_item::{ItemListed, ListItem};
use super::{ItemKind, Venue};
use crate::Entity;
use crate::ids::{ItemId, PlaceId};
use crate::money::Minor;

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

/// The venue after these commands, one after the other; each must be allowed.
pub fn after(commands: impl IntoIterator<Item = super::VenueCommand>) -> Venue {
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
