//! A venue changes the price of an item. What was prepaid keeps its promise.

use serde::{Deserialize, Serialize};

use super::{Venue, VenueEvent, refused_when_not_taking_part};
use crate::ids::ItemId;
use crate::money::Minor;

/// Change a price.
#[derive(Clone, Copy, Debug)]
pub struct RepriceItem {
    /// What will be recorded.
    pub repriced: ItemRepriced,
}

/// A price was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemRepriced {
    /// Which item.
    pub item_id: ItemId,
    /// Its price from now on, in minor units.
    pub price_minor: Minor,
}

refusals! {
    /// Why a price is not changed.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// The venue does not have the item.
        #[error("the venue does not have this item")]
        UnknownItem,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the price is changed.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &RepriceItem) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let ItemRepriced {
        item_id,
        price_minor,
    } = command.repriced;
    match house.items.get(&item_id) {
        Some(item) if item.delisted => Err(Refusal::UnknownItem),
        Some(item) if item.price_minor == price_minor => Ok(vec![]),
        Some(_) => Ok(vec![command.repriced.into()]),
        None => Err(Refusal::UnknownItem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_price_changes() {
        let command = examples::reprice_item();
        assert_eq!(
            decide(&examples::with_an_item(), &command),
            Ok(vec![command.repriced.into()])
        );
    }

    #[test]
    fn an_item_that_is_not_on_the_list_has_no_price() {
        for venue in [examples::admitted(), examples::with_a_delisted_item()] {
            assert_eq!(
                decide(&venue, &examples::reprice_item()),
                Err(Refusal::UnknownItem)
            );
        }
    }

    #[test]
    fn the_same_price_again_changes_nothing() {
        let commands = [
            examples::admit().into(),
            examples::list_item().into(),
            examples::reprice_item().into(),
        ];
        assert_eq!(
            decide(&examples::after(commands), &examples::reprice_item()),
            Ok(vec![])
        );
    }
}
