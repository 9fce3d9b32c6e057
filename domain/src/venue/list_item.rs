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
    use super::*;
    use crate::venue::examples;

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
    fn the_same_item_again_changes_nothing() {
        assert_eq!(
            decide(&examples::with_an_item(), &examples::list_item()),
            Ok(vec![])
        );
    }
}
