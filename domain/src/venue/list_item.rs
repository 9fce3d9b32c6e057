//! A venue lists an item that vouchers can be prepaid for.

use serde::{Deserialize, Serialize};

use super::{ItemKind, ListedItem, Venue, VenueEvent, refused_when_not_taking_part};
use crate::ids::ItemId;
use crate::money::Minor;
use crate::text::Name;

/// The most items that one venue lists.
pub const MAX_ITEMS: usize = 200;
/// The most items of one venue, with those that it took off its list.
pub const MAX_ITEMS_EVER: usize = 2000;

/// List an item.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// What will be recorded.
    pub listed: ItemListed,
}

/// An item was listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemListed {
    /// Its id.
    pub item_id: ItemId,
    /// Its kind.
    pub kind: ItemKind,
    /// Its name.
    pub name: Name,
    /// Its price, in minor units of the network's currency.
    pub price_minor: Minor,
    /// The most that the venue hands out in a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub daily_limit: Option<u32>,
}

refusals! {
    /// Why an item is not listed.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// The id belongs to another item.
        #[error("an item with this id is listed on other terms")]
        AlreadyListed,
        /// A venue lists at most 200 items.
        #[error("a venue lists at most {MAX_ITEMS} items")]
        TooManyItems,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the item is listed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &ListItem) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let known = house.items.get(&command.listed.item_id);
    match known.filter(|item| !item.delisted) {
        Some(item) if command.listed.is(item) => return Ok(vec![]),
        Some(_) => return Err(Refusal::AlreadyListed),
        None => {}
    }
    // Vouchers for this item may still be out, and they promise its kind.
    if known.is_some_and(|item| item.kind != command.listed.kind) {
        return Err(Refusal::AlreadyListed);
    }
    let listed = house.items.values().filter(|item| !item.delisted).count();
    if listed >= MAX_ITEMS || known.is_none() && house.items.len() >= MAX_ITEMS_EVER {
        return Err(Refusal::TooManyItems);
    }
    Ok(vec![command.listed.clone().into()])
}

impl ItemListed {
    fn is(&self, item: &ListedItem) -> bool {
        (self.kind, &self.name, self.price_minor, self.daily_limit)
            == (item.kind, &item.name, item.price_minor, item.daily_limit)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::Entity as _;
    use crate::venue::delist_item::DelistItem;
    use crate::venue::{VenueCommand, examples};

    #[test]
    fn an_item_is_listed_once_the_venue_is_admitted() {
        let command = examples::list_item();
        assert_eq!(
            decide(&examples::admitted(), &command),
            Ok(vec![command.listed.into()])
        );
    }

    #[test]
    fn an_unknown_venue_lists_nothing() {
        assert_eq!(
            decide(&Venue::Unknown, &examples::list_item()),
            Err(Refusal::UnknownVenue)
        );
    }

    #[test]
    fn another_item_under_the_id_of_one_is_refused() {
        let mut dearer = examples::list_item();
        dearer.listed.price_minor = Minor::try_from(6600).expect("a price");
        let again = decide(&examples::with_an_item(), &dearer);
        assert_eq!(again, Err(Refusal::AlreadyListed));
        assert!(decide(&examples::with_a_delisted_item(), &dearer).is_ok());
        let mut other = dearer;
        other.listed.kind = ItemKind::Soup;
        let again = decide(&examples::with_a_delisted_item(), &other);
        assert_eq!(again, Err(Refusal::AlreadyListed));
    }

    #[test]
    fn items_are_listed_within_bounds_and_those_that_are_off_the_list_make_room() {
        let nth = |number: usize| {
            let mut command = examples::list_item();
            let number = u128::try_from(number).expect("few");
            command.listed.item_id = ItemId(Uuid::from_u128(1_000 + number));
            command
        };
        let off = |number| DelistItem {
            item_id: nth(number).listed.item_id,
        };
        let mut venue = examples::admitted();
        let mut act = |command: VenueCommand| {
            for event in venue.decide(&command)? {
                venue.evolve(event);
            }
            Ok::<_, crate::Refused>(())
        };
        for number in 0..MAX_ITEMS {
            act(nth(number).into()).expect("room");
        }
        assert!(act(nth(MAX_ITEMS).into()).is_err());
        for number in MAX_ITEMS..MAX_ITEMS_EVER {
            act(off(number - MAX_ITEMS).into()).expect("listed");
            act(nth(number).into()).expect("room");
        }
        act(off(MAX_ITEMS_EVER - 1).into()).expect("listed");
        assert!(act(nth(MAX_ITEMS_EVER).into()).is_err(), "too many ever");
        act(nth(0).into()).expect("it was there before");
    }

    #[test]
    fn the_same_item_again_changes_nothing() {
        assert_eq!(
            decide(&examples::with_an_item(), &examples::list_item()),
            Ok(vec![])
        );
    }
}
