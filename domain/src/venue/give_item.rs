//! A venue gives something itself, without a voucher. Nobody owes it anything for that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Venue, VenueEvent};
use crate::ids::ItemId;

/// The most units of one gift.
pub const MAX_UNITS: u32 = 100;

/// Give something.
#[derive(Clone, Copy, Debug)]
pub struct GiveItem {
    /// What will be recorded.
    pub given: ItemGiven,
}

/// A venue gave something itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGiven {
    /// What; absent where a credit came too late and nobody wrote down what it was used for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<ItemId>,
    /// How many, 1 to [`MAX_UNITS`].
    pub units: u32,
    /// Why.
    pub reason: GiftReason,
}

/// Why a venue gave something itself.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
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
pub enum GiftReason {
    /// It wanted to.
    OwnGift,
    /// Nothing was prepaid.
    NothingOnBoard,
    /// The voucher was expired.
    VoucherExpired,
    /// A till that was offline handed out what could no longer be used.
    LateConflict,
}

refusals! {
    /// Why it is not recorded.
    pub enum Refusal {
        /// No such venue.
        #[error("there is no such venue")]
        UnknownVenue,
        /// The venue never had the item.
        #[error("the venue does not have this item")]
        UnknownItem,
        /// 1 to 100 at once.
        #[error("1 to {MAX_UNITS} are given at once")]
        Units,
    }
}

/// Whether it is recorded. A venue that has left may still have handed something out before; and a
/// second gift is a second gift.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(venue: &Venue, command: &GiveItem) -> Result<Vec<VenueEvent>, Refusal> {
    let house = venue.house().ok_or(Refusal::UnknownVenue)?;
    let is_known = |item: ItemId| house.items.contains_key(&item);
    let late = command.given.reason == GiftReason::LateConflict;
    if !command.given.item_id.map_or(late, is_known) {
        return Err(Refusal::UnknownItem);
    }
    if !(1..=MAX_UNITS).contains(&command.given.units) {
        return Err(Refusal::Units);
    }
    Ok(vec![command.given.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::venue::examples;

    #[test]
    fn a_gift_is_recorded_each_time() {
        let command = examples::give_item();
        for venue in [examples::with_an_item(), examples::with_a_delisted_item()] {
            assert_eq!(decide(&venue, &command), Ok(vec![command.given.into()]));
        }
    }

    #[test]
    fn what_the_venue_never_had_is_not_given() {
        assert_eq!(
            decide(&examples::admitted(), &examples::give_item()),
            Err(Refusal::UnknownItem)
        );
    }

    #[test]
    fn only_a_late_credit_is_given_without_an_item() {
        let without = |reason| {
            let mut command = examples::give_item();
            command.given.item_id = None;
            command.given.reason = reason;
            decide(&examples::admitted(), &command)
        };
        assert!(without(GiftReason::LateConflict).is_ok());
        assert_eq!(without(GiftReason::OwnGift), Err(Refusal::UnknownItem));
    }

    #[test]
    fn a_gift_is_one_to_a_hundred() {
        let mut command = examples::give_item();
        command.given.units = 0;
        assert_eq!(
            decide(&examples::with_an_item(), &command),
            Err(Refusal::Units)
        );
    }
}
