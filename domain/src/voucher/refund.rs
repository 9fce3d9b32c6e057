//! What is left of a voucher is given back, by its donor's wish or because its venue is gone.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Holding, Placed, Voucher, VoucherEvent};
use crate::ids::{DonorId, FundId};
use crate::money::Minor;

/// Refund a voucher.
#[derive(Clone, Copy, Debug)]
pub struct Refund {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the donor wants the money; otherwise it goes to the fund that carries the voucher,
    /// and so does the money of a donor whom nobody knows.
    pub to_donor: bool,
    /// Why.
    pub reason: RefundReason,
}

/// A voucher was refunded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refunded {
    /// What was left, in minor units.
    pub amount_minor: Minor,
    /// Where it went.
    pub to: RefundedTo,
    /// Why.
    pub reason: RefundReason,
}

/// Where a refund goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum RefundedTo {
    /// To the donor.
    Donor {
        /// The donor.
        donor_id: DonorId,
    },
    /// To the fund that carries the voucher.
    Fund {
        /// The fund.
        fund_id: FundId,
    },
}

/// Why a voucher was refunded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundReason {
    /// The donor wishes it.
    DonorsWish,
    /// The venue is suspended.
    VenueSuspended,
    /// The venue has left.
    VenueLeft,
}

refusals! {
    /// Why a voucher is not refunded.
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
        /// Its time is over, so its value goes where its donor had said.
        #[error("this voucher is expired")]
        Expired,
        /// It was voided.
        #[error("this voucher was voided")]
        Voided,
        /// Somebody may hold its code and count on it.
        #[error("somebody may hold this voucher: revoke its code first")]
        HandedOver,
    }
}

/// Whether the voucher is refunded.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Refund) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = match voucher {
        Voucher::Unknown => return Err(Refusal::UnknownVoucher),
        Voucher::Refunded(_) => return Ok(vec![]),
        Voucher::Expired(_) => return Err(Refusal::Expired),
        Voucher::Voided(_) => return Err(Refusal::Voided),
        Voucher::Used(holding) => {
            let at = holding.last_use();
            return Err(Refusal::AlreadyRedeemed { at });
        }
        Voucher::Usable(holding) => holding,
    };
    if command.reason == RefundReason::DonorsWish {
        check_wish(holding, command.at)?;
    }
    let fund_id = holding.terms.fund_id;
    let to = match holding.terms.donor_id {
        Some(donor_id) if command.to_donor => RefundedTo::Donor { donor_id },
        Some(_) | None => RefundedTo::Fund { fund_id },
    };
    let refunded = Refunded {
        amount_minor: holding.remaining_minor,
        to,
        reason: command.reason,
    };
    Ok(vec![refunded.into()])
}

fn check_wish(holding: &Holding, at: DateTime<Utc>) -> Result<(), Refusal> {
    if holding.is_over_at(at) {
        Err(Refusal::Expired)
    } else if somebody_may_hold(holding) {
        Err(Refusal::HandedOver)
    } else {
        Ok(())
    }
}

/// Off the board it must be certain that nobody counts on it: its code was revoked, or it is with
/// the donor and never had one. What an organisation got without a code is the organisation's.
fn somebody_may_hold(holding: &Holding) -> bool {
    match holding.placed {
        Placed::Board => false,
        Placed::Donor => holding.issue_no.is_some(),
        Placed::Organisation { .. } => holding.issue_no.is_some() || holding.last_issue.is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    fn to(voucher: &Voucher, command: &Refund) -> RefundedTo {
        match decide(voucher, command).as_deref() {
            Ok([VoucherEvent::Refunded(refunded)]) => refunded.to,
            other => panic!("one refund, not {other:?}"),
        }
    }

    #[test]
    fn a_donor_gets_back_what_is_on_the_board_or_whose_code_was_revoked() {
        let donor_id = examples::prepay().prepaid.donor_id.expect("a donor");
        for voucher in [examples::on_the_board(), examples::with_a_revoked_code()] {
            assert_eq!(
                to(&voucher, &examples::refund()),
                RefundedTo::Donor { donor_id }
            );
        }
    }

    #[test]
    fn the_money_of_an_anonymous_donor_goes_to_the_fund() {
        let mut prepay = examples::prepay();
        prepay.prepaid.donor_id = None;
        let fund_id = prepay.prepaid.fund_id;
        assert_eq!(
            to(&examples::after([prepay.into()]), &examples::refund()),
            RefundedTo::Fund { fund_id }
        );
    }

    #[test]
    fn nobody_loses_a_code_by_the_wish_of_the_donor() {
        for voucher in [examples::with_a_code(), examples::allocated()] {
            assert_eq!(
                decide(&voucher, &examples::refund()),
                Err(Refusal::HandedOver)
            );
        }
    }

    #[test]
    fn from_its_last_instant_on_a_donor_gets_nothing_back() {
        let late = Refund {
            at: examples::prepay().prepaid.expires_at.expect("a last day"),
            ..examples::refund()
        };
        assert_eq!(
            decide(&examples::on_the_board(), &late),
            Err(Refusal::Expired)
        );
    }

    #[test]
    fn when_the_venue_has_left_a_voucher_is_refunded_whoever_holds_it() {
        let command = Refund {
            reason: RefundReason::VenueLeft,
            ..examples::refund()
        };
        assert!(decide(&examples::with_a_code(), &command).is_ok());
    }

    #[test]
    fn refunding_again_changes_nothing() {
        let refunded = examples::after([examples::prepay().into(), examples::refund().into()]);
        assert_eq!(decide(&refunded, &examples::refund()), Ok(vec![]));
    }

    #[test]
    fn what_the_donor_does_not_get_goes_to_the_fund() {
        let command = Refund {
            to_donor: false,
            ..examples::refund()
        };
        let refunded = decide(&examples::on_the_board(), &command).expect("allowed");
        let fund_id = examples::prepay().prepaid.fund_id;
        assert!(
            matches!(&refunded[..], [VoucherEvent::Refunded(it)] if it.to == RefundedTo::Fund { fund_id })
        );
    }
}
