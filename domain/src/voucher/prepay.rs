//! Somebody pays for a voucher before anybody uses it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Funding, Kind, OnExpiry, Placed, ValidAt, Voucher, VoucherEvent};
use crate::ids::{DonorId, FundId, PrepaymentId, VoucherId};
use crate::money::CurrencyCode;
use crate::text::{Label, Slug};
use crate::venue::Counter;

/// The most vouchers of one prepayment.
pub const MAX_QUANTITY: u32 = 500;

/// Prepay one voucher. Forty coffees are forty of these with one prepayment, in one append.
#[derive(Clone, Debug)]
pub struct Prepay {
    /// What will be recorded.
    pub prepaid: Prepaid,
    /// The venues where it is to be valid, as they stand now.
    pub counters: Vec<Counter>,
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
        let same = holding.terms == *prepaid;
        return if same {
            Ok(vec![])
        } else {
            Err(Refusal::AlreadyPrepaid)
        };
    }
    for counter in &command.counters {
        if counter.has_left() {
            return Err(Refusal::VenueLeft);
        }
        if counter.is_suspended_at(prepaid.at) {
            return Err(Refusal::VenueSuspended);
        }
        if matches!(prepaid.kind, Kind::Item { .. }) && counter.item.is_none() {
            return Err(Refusal::UnknownItem);
        }
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
}
