//! A venue takes an item off its list: nobody prepays it any more. What was prepaid keeps its promise.

use serde::{Deserialize, Serialize};

use super::{Venue, VenueEvent, refused_when_not_taking_part};
use crate::ids::ItemId;

/// Take an item off the list.
#[derive(Clone, Copy, Debug)]
pub struct DelistItem {
    /// Which item.
    pub item_id: ItemId,
}

/// An item was taken off the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDelisted {
    /// Which item.
    pub item_id: ItemId,
}

refusals! {
    /// Why an item is not taken off the list.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// The venue never had the item.
        #[error("the venue does not have this item")]
        UnknownItem,
    }
}
refused_when_not_taking_part!(Refusal);

/// Whether the item is taken off the list.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &DelistItem) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.require_taking_part()?;
    let item_id = command.item_id;
    match house.items.get(&item_id) {
        None => Err(Refusal::UnknownItem),
        Some(item) if item.delisted => Ok(vec![]),
        Some(_) => Ok(vec![ItemDelisted { item_id }.into()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::VenueId;
    use crate::venue::{examples, list_item};

    #[test]
    fn a_listed_item_is_taken_off_the_list_and_stays_known_for_what_was_prepaid() {
        let command = examples::delist_item();
        let item_id = command.item_id;
        assert_eq!(
            decide(&examples::with_an_item(), &command),
            Ok(vec![ItemDelisted { item_id }.into()])
        );
        let venue = VenueId(uuid::Uuid::from_u128(1));
        let counter = examples::with_a_delisted_item().counter(venue, Some(item_id));
        assert!(
            counter
                .and_then(|counter| counter.item)
                .is_some_and(|item| item.delisted)
        );
    }

    #[test]
    fn an_unknown_item_is_not_taken_off_the_list() {
        assert_eq!(
            decide(&examples::admitted(), &examples::delist_item()),
            Err(Refusal::UnknownItem)
        );
    }

    #[test]
    fn taking_it_off_again_changes_nothing() {
        let venue = examples::with_a_delisted_item();
        assert_eq!(decide(&venue, &examples::delist_item()), Ok(vec![]));
        // It may come back under its old id.
        let listed = list_item::decide(&venue, &examples::list_item());
        assert_eq!(listed.map(|events| events.len()), Ok(1));
    }
}
