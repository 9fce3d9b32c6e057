//! A venue: a café, shop, theatre or other house that takes part.

pub mod admit;
pub mod list_item;

#[cfg(test)]
mod examples;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ids::{ItemId, VenueId};
use crate::money::Minor;
use crate::text::{Name, Slug};

aggregate! {
    Venue "venue", VenueCommand, VenueEvent {
        admit: Admit => Admitted "admitted" "1",
        list_item: ListItem => ItemListed "item_listed" "1",
    }
}

/// The life of a venue in the network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "every venue but the unknown one is admitted"
)]
pub enum Venue {
    /// Nothing has happened yet.
    #[default]
    Unknown,
    /// It was admitted; its standing says whether it still takes part.
    Admitted(House),
}

/// What is known of a venue from its admission on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct House {
    /// As admitted.
    pub admitted: admit::Admitted,
    /// Whether it takes part now.
    pub standing: Standing,
    /// What it sells.
    pub items: BTreeMap<ItemId, ListedItem>,
}

/// Whether a venue takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Standing {
    /// It takes part.
    Open,
    /// It takes no vouchers from this instant on, until it is resumed.
    Suspended {
        /// From when.
        effective_at: DateTime<Utc>,
    },
    /// It takes no vouchers from this instant on, for good.
    Left {
        /// From when.
        effective_at: DateTime<Utc>,
    },
}

/// The kinds of priced items.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ItemKind {
    /// Coffee, tea, chocolate.
    HotDrink,
    /// A soup.
    Soup,
    /// A whole meal.
    Meal,
    /// A baguette or sandwich.
    Baguette,
    /// A piece of clothing.
    Clothing,
    /// A ticket to a play, film or concert.
    Ticket,
    /// Anything else.
    Other,
}

/// An item as the venue sells it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedItem {
    /// Its id.
    pub item_id: ItemId,
    /// Its kind.
    pub kind: ItemKind,
    /// Its name.
    pub name: Name,
    /// Its price, in minor units.
    pub price_minor: Minor,
    /// The most that the venue hands out in a day.
    pub daily_limit: Option<u32>,
    /// Whether the venue took it off its list: no voucher is prepaid for it any more, and those
    /// that are prepaid keep their promise.
    pub delisted: bool,
}

/// The venue as another act sees it: whether it takes part, and the item in question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The venue.
    pub venue_id: VenueId,
    /// Whether it takes part.
    pub standing: Standing,
    /// The item in question, if the venue has it.
    pub item: Option<ListedItem>,
}

impl Counter {
    /// Whether the venue has left for good by that time.
    #[must_use]
    pub fn has_left_at(&self, at: DateTime<Utc>) -> bool {
        matches!(self.standing, Standing::Left { effective_at } if effective_at <= at)
    }

    /// Whether the venue is suspended at that time.
    #[must_use]
    pub fn is_suspended_at(&self, at: DateTime<Utc>) -> bool {
        matches!(self.standing, Standing::Suspended { effective_at } if effective_at <= at)
    }
}

impl Venue {
    /// Its network.
    #[must_use]
    pub fn network(&self) -> Option<&Slug> {
        self.house().map(|house| &house.admitted.network)
    }

    /// What is known of it.
    #[must_use]
    pub fn house(&self) -> Option<&House> {
        match self {
            Self::Unknown => None,
            Self::Admitted(house) => Some(house),
        }
    }

    /// How it looks to an act about an item; `None` if there is no such venue.
    #[must_use]
    pub fn counter(&self, venue_id: VenueId, item: Option<ItemId>) -> Option<Counter> {
        let house = self.house()?;
        let item = item.and_then(|id| house.items.get(&id)).cloned();
        Some(Counter {
            venue_id,
            standing: house.standing,
            item,
        })
    }

    fn evolve(&mut self, event: VenueEvent) {
        match (event, self) {
            (VenueEvent::Admitted(admitted), venue) => {
                *venue = Self::Admitted(House::new(admitted));
            }
            (_, Self::Unknown) => {}
            (VenueEvent::ItemListed(listed), Self::Admitted(house)) => house.list(listed),
        }
    }
}

impl House {
    fn new(admitted: admit::Admitted) -> Self {
        Self {
            admitted,
            standing: Standing::Open,
            items: BTreeMap::new(),
        }
    }

    fn list(&mut self, listed: list_item::ItemListed) {
        let list_item::ItemListed {
            item_id,
            kind,
            name,
            price_minor,
            daily_limit,
        } = listed;
        let item = ListedItem {
            item_id,
            kind,
            name,
            price_minor,
            daily_limit,
            delisted: false,
        };
        self.items.insert(item_id, item);
    }
}
