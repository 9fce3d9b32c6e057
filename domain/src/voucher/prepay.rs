//! Somebody pays for a voucher before anybody uses it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Funding, Holding, Kind, OnExpiry, Placed, ValidAt, Voucher, VoucherEvent};
use crate::ids::{DonorId, FundId, PrepaymentId, VenueId, VoucherId};
use crate::money::{CurrencyCode, Minor};
use crate::text::{Label, Slug};
use crate::venue::{Counter, Standing};

/// The most vouchers of one prepayment.
pub const MAX_QUANTITY: u32 = 500;
/// The most venues that a list names.
pub const MAX_VENUES: usize = 50;

/// Prepay one voucher. Forty coffees are forty of these with one prepayment, in one append.
#[derive(Clone, Debug)]
pub struct Prepay {
    /// What will be recorded.
    pub prepaid: Prepaid,
    /// The venues where it is to be valid, as they stand now.
    pub counters: Vec<Counter>,
    /// Whether the fund that carries it is open.
    pub fund_is_open: bool,
    /// Whether every organisation that it names takes part; `true` if it names none.
    pub organisations_take_part: bool,
}

/// A voucher was paid for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepaid {
    /// The network.
    pub network: Slug,
    /// When it was paid.
    pub at: DateTime<Utc>,
    /// The batch that was bought at once.
    pub prepayment_id: PrepaymentId,
    /// The number in the batch, from 1.
    pub ordinal: u32,
    /// What it is for.
    pub kind: Kind,
    /// The network's currency.
    pub currency: CurrencyCode,
    /// Where it can be used.
    pub valid_at: ValidAt,
    /// Where it waits.
    pub placed: Placed,
    /// Who gave it; absent for a gift without a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub donor_id: Option<DonorId>,
    /// The fund that carries it.
    pub fund_id: FundId,
    /// Where the money comes from.
    pub funding: Funding,
    /// The campaign in which it was bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<Label>,
    /// The last day printed on it, in the network's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<NaiveDate>,
    /// The instant from which it is expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// What becomes of it when nobody used it in time.
    pub on_expiry: OnExpiry,
    /// The voucher whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_voucher: Option<VoucherId>,
}

refusals! {
    /// Why no voucher is made.
    pub enum Refusal {
        /// The id is taken by a voucher on other terms.
        #[error("a voucher with this id exists on other terms")]
        AlreadyPrepaid,
        /// A venue is suspended.
        #[error("the venue is suspended and takes no vouchers now")]
        VenueSuspended,
        /// A venue has left.
        #[error("the venue has left the network")]
        VenueLeft,
        /// A venue that it names is not of this network.
        #[error("there is no such venue")]
        UnknownVenue,
        /// A list of venues has 2 to 50.
        #[error("a list names 2 to {MAX_VENUES} different venues")]
        VenueList,
        /// A credit is for something.
        #[error("a credit needs an amount")]
        AmountMissing,
        /// The fund is closed or unknown.
        #[error("the fund that should carry it is not open")]
        FundClosed,
        /// An organisation that it names does not take part.
        #[error("this organisation does not take part")]
        UnknownOrganisation,
        /// The item is not on the venue's list.
        #[error("the venue does not have this item")]
        UnknownItem,
        /// A refund needs somebody to refund to.
        #[error("a voucher that is refunded on expiry needs a donor")]
        DonorUnknown,
        /// It would be expired from the start.
        #[error("the last day lies before the day of the prepayment")]
        Expired,
    }
}

/// Whether the voucher comes to be.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Prepay) -> Result<Vec<VoucherEvent>, Refusal> {
    let prepaid = &command.prepaid;
    if let Some(holding) = voucher.holding() {
        return if is_same(holding, prepaid) {
            Ok(vec![])
        } else {
            Err(Refusal::AlreadyPrepaid)
        };
    }
    check_venues(command)?;
    for counter in &command.counters {
        check_counter(prepaid, counter)?;
    }
    if matches!(prepaid.kind, Kind::Credit { amount_minor } if amount_minor == Minor::ZERO) {
        return Err(Refusal::AmountMissing);
    }
    if !command.fund_is_open {
        return Err(Refusal::FundClosed);
    }
    if !command.organisations_take_part {
        return Err(Refusal::UnknownOrganisation);
    }
    if prepaid.on_expiry == OnExpiry::Refund && prepaid.donor_id.is_none() {
        return Err(Refusal::DonorUnknown);
    }
    if prepaid
        .expires_at
        .is_some_and(|expires_at| expires_at <= prepaid.at)
    {
        return Err(Refusal::Expired);
    }
    Ok(vec![prepaid.clone().into()])
}

/// Re-homing changes the terms; the batch and the number in it stay.
fn is_same(holding: &Holding, prepaid: &Prepaid) -> bool {
    let terms = &holding.terms;
    *terms == *prepaid
        || holding.rehomings > 0
            && (terms.prepayment_id, terms.ordinal) == (prepaid.prepayment_id, prepaid.ordinal)
}

fn check_venues(command: &Prepay) -> Result<(), Refusal> {
    let named = match &command.prepaid.valid_at {
        ValidAt::Venue { venue_id } => std::slice::from_ref(venue_id),
        ValidAt::Venues { venue_ids } => venue_ids.as_slice(),
        ValidAt::Network { .. } => &[],
    };
    let different: BTreeSet<_> = named.iter().collect();
    let is_list = matches!(command.prepaid.valid_at, ValidAt::Venues { .. });
    if is_list && !(2..=MAX_VENUES).contains(&named.len()) || different.len() < named.len() {
        return Err(Refusal::VenueList);
    }
    let is_known = |venue: &&VenueId| {
        let mut counters = command.counters.iter();
        counters.any(|counter| counter.venue_id == **venue)
    };
    if named.iter().all(|venue| is_known(&venue)) {
        Ok(())
    } else {
        Err(Refusal::UnknownVenue)
    }
}

/// A venue that is to be suspended or to leave on a later day takes no new vouchers from now on,
/// because nobody would move them.
fn check_counter(prepaid: &Prepaid, counter: &Counter) -> Result<(), Refusal> {
    match counter.standing {
        Standing::Open => {}
        Standing::Suspended { .. } => return Err(Refusal::VenueSuspended),
        Standing::Left { .. } => return Err(Refusal::VenueLeft),
    }
    let has_item = counter.item.as_ref().is_some_and(|item| !item.delisted);
    if matches!(prepaid.kind, Kind::Item { .. }) && !has_item {
        return Err(Refusal::UnknownItem);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    #[test]
    fn a_voucher_for_a_listed_item_is_recorded_as_it_was_paid() {
        let command = examples::prepay();
        let events = decide(&Voucher::Unknown, &command);
        assert_eq!(events, Ok(vec![command.prepaid.into()]));
    }

    #[test]
    fn a_venue_that_left_takes_no_vouchers() {
        let mut command = examples::prepay();
        command.counters = vec![examples::counter_that_left()];
        assert_eq!(decide(&Voucher::Unknown, &command), Err(Refusal::VenueLeft));
    }

    #[test]
    fn an_item_that_nobody_sells_is_refused() {
        let mut command = examples::prepay();
        command.counters[0].item = None;
        assert_eq!(
            decide(&Voucher::Unknown, &command),
            Err(Refusal::UnknownItem)
        );
    }

    #[test]
    fn a_list_names_different_venues_that_are_known() {
        let here = examples::counter().venue_id;
        let table = [
            (vec![here], Refusal::VenueList),
            (vec![here, here], Refusal::VenueList),
            (vec![here, examples::OTHER_VENUE], Refusal::UnknownVenue),
        ];
        for (venue_ids, refusal) in table {
            let mut command = examples::prepay();
            command.prepaid.valid_at = ValidAt::Venues { venue_ids };
            assert_eq!(decide(&Voucher::Unknown, &command), Err(refusal));
        }
    }

    #[test]
    fn a_closed_fund_carries_nothing() {
        let command = Prepay {
            fund_is_open: false,
            ..examples::prepay()
        };
        assert_eq!(
            decide(&Voucher::Unknown, &command),
            Err(Refusal::FundClosed)
        );
    }

    #[test]
    fn a_refund_on_expiry_needs_a_donor() {
        let mut command = examples::prepay();
        command.prepaid.on_expiry = OnExpiry::Refund;
        command.prepaid.donor_id = None;
        assert_eq!(
            decide(&Voucher::Unknown, &command),
            Err(Refusal::DonorUnknown)
        );
    }

    #[test]
    fn the_same_prepayment_again_changes_nothing() {
        assert_eq!(
            decide(&examples::on_the_board(), &examples::prepay()),
            Ok(vec![])
        );
    }

    #[test]
    fn another_prepayment_does_not_take_its_place() {
        let mut dearer = examples::prepay();
        dearer.prepaid.campaign = None;
        dearer.prepaid.donor_id = None;
        let mut next = examples::prepay();
        next.prepaid.ordinal += 1;
        let moved = examples::after([examples::prepay().into(), examples::rehome(6500).into()]);
        let before = Err(Refusal::AlreadyPrepaid);
        assert_eq!(decide(&examples::on_the_board(), &dearer), before);
        assert_eq!(decide(&examples::on_the_board(), &next), before);
        assert_eq!(decide(&moved, &next), before);
        assert_eq!(decide(&moved, &examples::prepay()), Ok(vec![]));
    }
}
