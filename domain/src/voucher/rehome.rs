//! A voucher gets another venue, because its own has left or is suspended. A code stays valid.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Holding, Kind, ValidAt, Voucher, VoucherEvent, refused_when_ended};
use crate::ids::{FundId, ItemId, VenueId};
use crate::money::Minor;
use crate::network::set_policy::PriceRiseBorneBy;
use crate::text::Name;
use crate::venue::{Counter, ItemKind, ListedItem, Standing};

/// The most often that one voucher changes its venue.
pub const MAX_REHOMINGS: u32 = 50;

/// Give a voucher another venue.
#[derive(Clone, Debug)]
pub struct Rehome {
    /// The venue that it loses.
    pub from_venue: VenueId,
    /// The venue that it gets as it stands, with the item that takes the place of the old one.
    /// Absent = the venue is dropped from a list of venues.
    pub to: Option<Counter>,
    /// Who bears it if the new item is dearer, by the policy of the day.
    pub price_rise_borne_by: PriceRiseBorneBy,
    /// The fund that gets or pays the difference.
    pub difference_to: FundId,
}

/// A voucher got another venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehomed {
    /// The venue that it lost.
    pub from_venue: VenueId,
    /// The venue that it got; absent where it was dropped from a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_venue: Option<VenueId>,
    /// The item that it was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_item: Option<ItemId>,
    /// The item that it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_item: Option<ItemId>,
    /// The new item's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_item_name: Option<Name>,
    /// What was left on it, in minor units.
    pub old_value_minor: Minor,
    /// What is on it now, in minor units.
    pub new_value_minor: Minor,
    /// The fund that got the difference, or paid it where the new value is higher; absent where
    /// there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difference_to: Option<FundId>,
}

refusals! {
    /// Why a voucher gets no other venue.
    pub enum Refusal {
        /// No such voucher.
        #[error("there is no such voucher")]
        UnknownVoucher,
        /// It was used.
        #[error("this voucher was already used")]
        AlreadyRedeemed {
            /// When.
            at: DateTime<Utc>
        },
        /// Its time is over.
        #[error("this voucher is expired")]
        Expired,
        /// It was refunded.
        #[error("this voucher was refunded")]
        Refunded,
        /// It was voided.
        #[error("this voucher was voided")]
        Voided,
        /// It is not bound to the venue that it should lose.
        #[error("this voucher is not bound to that venue")]
        WrongVenue,
        /// It must be valid somewhere.
        #[error("this voucher is valid at that venue only and needs another")]
        NoVenueLeft,
        /// The new venue is suspended.
        #[error("the new venue is suspended and takes no vouchers now")]
        VenueSuspended,
        /// The new venue has left.
        #[error("the new venue has left the network")]
        VenueLeft,
        /// The new venue has nothing that takes the place of the item.
        #[error("the new venue does not have such an item")]
        WrongItem,
        /// A voucher does not travel without end.
        #[error("a voucher changes its venue at most {MAX_REHOMINGS} times")]
        TooManyRehomings,
    }
}
refused_when_ended!(Refusal);

/// Whether the voucher gets another venue.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Rehome) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    let valid_at = &holding.terms.valid_at;
    if !valid_at.names(command.from_venue) {
        return if command.is_done(holding) {
            Ok(vec![])
        } else {
            Err(Refusal::WrongVenue)
        };
    }
    let to_venue = command.to.as_ref().map(|counter| counter.venue_id);
    if to_venue == Some(command.from_venue) {
        return Err(Refusal::WrongVenue);
    }
    if valid_at.moved(command.from_venue, to_venue).is_none() {
        return Err(Refusal::NoVenueLeft);
    }
    if holding.rehomings >= MAX_REHOMINGS {
        return Err(Refusal::TooManyRehomings);
    }
    command.check_destination()?;
    Ok(vec![command.rehomed(holding)?.into()])
}

impl Rehome {
    /// A voucher that was at no other venue and is at the new one was moved before.
    fn is_done(&self, holding: &Holding) -> bool {
        let arrived = |to: &Counter| holding.terms.valid_at.names(to.venue_id);
        holding.rehomings > 0 && self.to.as_ref().is_none_or(arrived)
    }

    fn check_destination(&self) -> Result<(), Refusal> {
        match self.to.as_ref().map(|counter| counter.standing) {
            None | Some(Standing::Open) => Ok(()),
            Some(Standing::Suspended { .. }) => Err(Refusal::VenueSuspended),
            Some(Standing::Left { .. }) => Err(Refusal::VenueLeft),
        }
    }

    fn rehomed(&self, holding: &Holding) -> Result<Rehomed, Refusal> {
        let old_value = holding.remaining_minor;
        let unchanged = Rehomed {
            from_venue: self.from_venue,
            to_venue: self.to.as_ref().map(|counter| counter.venue_id),
            old_item: None,
            new_item: None,
            new_item_name: None,
            old_value_minor: old_value,
            new_value_minor: old_value,
            difference_to: None,
        };
        match (&holding.terms.kind, &self.to) {
            (Kind::Credit { .. }, _) | (Kind::Item { .. }, None) => Ok(unchanged),
            (
                Kind::Item {
                    item_id, item_kind, ..
                },
                Some(counter),
            ) => {
                let item = replacement(counter, *item_kind)?;
                if matches!(holding.terms.valid_at, ValidAt::Venues { .. }) {
                    // A list promises a kind of item at its prepaid price, wherever it is used.
                    return Ok(unchanged);
                }
                let new_value = self.new_value(old_value, item.price_minor);
                Ok(Rehomed {
                    old_item: *item_id,
                    new_item: Some(item.item_id),
                    new_item_name: Some(item.name.clone()),
                    new_value_minor: new_value,
                    difference_to: (new_value != old_value).then_some(self.difference_to),
                    ..unchanged
                })
            }
        }
    }

    /// As when a voucher is used: a lower price returns the difference to the fund; a rise is paid
    /// by the fund now, or borne by the venue when it is used.
    fn new_value(&self, old_value: Minor, price: Minor) -> Minor {
        match (price.cmp(&old_value), self.price_rise_borne_by) {
            (Ordering::Greater, PriceRiseBorneBy::Venue) => old_value,
            (Ordering::Less | Ordering::Equal, _) | (_, PriceRiseBorneBy::Fund) => price,
        }
    }
}

fn replacement(counter: &Counter, kind: ItemKind) -> Result<&ListedItem, Refusal> {
    counter
        .item
        .as_ref()
        .filter(|item| item.kind == kind && !item.delisted)
        .ok_or(Refusal::WrongItem)
}

impl ValidAt {
    /// Whether it names this venue, alone or in a list.
    #[must_use]
    pub fn names(&self, venue: VenueId) -> bool {
        match self {
            Self::Venue { venue_id } => *venue_id == venue,
            Self::Venues { venue_ids } => venue_ids.contains(&venue),
            Self::Network { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    fn rehomed(voucher: &Voucher, command: &Rehome) -> Rehomed {
        match decide(voucher, command).as_deref() {
            Ok([VoucherEvent::Rehomed(rehomed)]) => rehomed.clone(),
            other => panic!("one re-homing, not {other:?}"),
        }
    }

    /// What a voucher of 65.00 is worth at its new venue, and whether a fund is concerned.
    #[test]
    fn the_value_follows_the_new_price_as_the_policy_says() {
        let table = [
            (6500, PriceRiseBorneBy::Venue, 6500, false),
            (7000, PriceRiseBorneBy::Venue, 6500, false),
            (7000, PriceRiseBorneBy::Fund, 7000, true),
            (6000, PriceRiseBorneBy::Venue, 6000, true),
        ];
        for (price, policy, value, concerns_fund) in table {
            let mut command = examples::rehome(price);
            command.price_rise_borne_by = policy;
            let rehomed = rehomed(&examples::on_the_board(), &command);
            assert_eq!(
                rehomed.new_value_minor,
                examples::price(value),
                "{price} {policy:?}"
            );
            assert_eq!(
                rehomed.difference_to.is_some(),
                concerns_fund,
                "{price} {policy:?}"
            );
        }
    }

    #[test]
    fn a_code_stays_valid_at_the_new_venue() {
        let voucher = examples::after([
            examples::prepay().into(),
            examples::issue_code().into(),
            examples::rehome(6500).into(),
        ]);
        let holding = voucher.usable().expect("usable");
        assert_eq!(holding.issue_no, Some(1));
        assert!(holding.terms.valid_at.names(examples::OTHER_VENUE));
    }

    #[test]
    fn a_venue_is_dropped_from_a_list() {
        let mut prepay = examples::prepay();
        let venue_ids = vec![examples::counter().venue_id, examples::OTHER_VENUE];
        prepay.prepaid.valid_at = ValidAt::Venues { venue_ids };
        prepay.counters.push(examples::other_counter(6500));
        let command = Rehome {
            to: None,
            ..examples::rehome(6500)
        };
        let voucher = examples::after([prepay.into(), command.into()]);
        let holding = voucher.usable().expect("usable");
        let venue_id = examples::OTHER_VENUE;
        assert_eq!(holding.terms.valid_at, ValidAt::Venue { venue_id });
        assert_eq!(holding.remaining_minor, examples::price(6500));
    }

    #[test]
    fn a_voucher_is_not_left_without_a_venue() {
        let nowhere = Rehome {
            to: None,
            ..examples::rehome(6500)
        };
        assert_eq!(
            decide(&examples::on_the_board(), &nowhere),
            Err(Refusal::NoVenueLeft)
        );
    }

    #[test]
    fn the_new_venue_must_have_such_an_item() {
        let mut command = examples::rehome(6500);
        let item = command.to.as_mut().and_then(|to| to.item.as_mut());
        item.expect("an item").kind = ItemKind::Meal;
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Err(Refusal::WrongItem)
        );
    }

    #[test]
    fn moving_again_changes_nothing() {
        let command = examples::rehome(6500);
        let voucher = examples::after([examples::prepay().into(), command.clone().into()]);
        assert_eq!(decide(&voucher, &command), Ok(vec![]));
    }

    #[test]
    fn what_was_never_there_is_not_moved_away() {
        let command = Rehome {
            from_venue: VenueId(uuid::Uuid::from_u128(77)),
            to: Some(examples::counter()),
            ..examples::rehome(6500)
        };
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Err(Refusal::WrongVenue)
        );
    }

    #[test]
    fn a_venue_that_takes_no_part_takes_no_vouchers() {
        let effective_at = examples::at("2026-11-01T00:00:00Z");
        let to = |standing| {
            let mut command = examples::rehome(6500);
            command.to.as_mut().expect("a venue").standing = standing;
            decide(&examples::on_the_board(), &command)
        };
        let suspended = to(Standing::Suspended { effective_at });
        assert_eq!(suspended, Err(Refusal::VenueSuspended));
        let left = to(Standing::Left { effective_at });
        assert_eq!(left, Err(Refusal::VenueLeft));
    }

    #[test]
    fn it_is_told_which_item_takes_the_place_of_which() {
        let rehomed = rehomed(&examples::on_the_board(), &examples::rehome(6500));
        let item = |counter: Counter| counter.item.expect("an item");
        let (old, new) = (
            item(examples::counter()),
            item(examples::other_counter(6500)),
        );
        assert_eq!(rehomed.old_item, Some(old.item_id));
        assert_eq!(rehomed.new_item, Some(new.item_id));
        assert_eq!(rehomed.new_item_name, Some(new.name));
    }
}
