//! A voucher's time is over and nobody used it: what is left goes where its donor had said.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Holding, OnExpiry, Voucher, VoucherEvent};
use crate::ids::{DonorId, FundId, OrganisationId};
use crate::money::Minor;

/// Record that a voucher is expired.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// The time now.
    pub now: DateTime<Utc>,
    /// How long a use from an offline till may still come in, by the network's policy.
    pub late_record_window: TimeDelta,
}

/// A voucher expired. From now on nothing redeems it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expired {
    /// What was left, in minor units.
    pub remaining_minor: Minor,
    /// Where it went.
    pub moved_to: MovedTo,
}

/// Where the value of an expired voucher went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum MovedTo {
    /// To a fund.
    Fund {
        /// The fund.
        fund_id: FundId,
    },
    /// To an organisation.
    Organisation {
        /// The organisation.
        organisation_id: OrganisationId,
    },
    /// Back to the donor.
    Donor {
        /// The donor.
        donor_id: DonorId,
    },
}

refusals! {
    /// Why a voucher is not recorded as expired.
    pub enum Refusal {
        /// No such voucher.
        #[error("there is no such voucher")]
        UnknownVoucher,
        /// It has no last day.
        #[error("this voucher has no last day")]
        NeverExpires,
        /// It is valid, or a use from an offline till may still come in.
        #[error("this voucher is not recorded as expired before {from}")]
        NotYet {
            /// From when it is.
            from: DateTime<Utc>
        },
    }
}

/// Whether the voucher is recorded as expired. One that ended before stays what it is.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Expire) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = match voucher {
        Voucher::Unknown => return Err(Refusal::UnknownVoucher),
        Voucher::Used(_) | Voucher::Expired(_) | Voucher::Refunded(_) | Voucher::Voided(_) => {
            return Ok(vec![]);
        }
        Voucher::Usable(holding) => holding,
    };
    let expires_at = holding.terms.expires_at.ok_or(Refusal::NeverExpires)?;
    let from = expires_at + command.late_record_window;
    if command.now < from {
        return Err(Refusal::NotYet { from });
    }
    let expired = Expired {
        remaining_minor: holding.remaining_minor,
        moved_to: moved_to(holding),
    };
    Ok(vec![expired.into()])
}

fn moved_to(holding: &Holding) -> MovedTo {
    match (holding.terms.on_expiry, holding.terms.donor_id) {
        (OnExpiry::Organisation { organisation_id }, _) => {
            MovedTo::Organisation { organisation_id }
        }
        (OnExpiry::Refund, Some(donor_id)) => MovedTo::Donor { donor_id },
        // Nobody is known to whom it could be given back.
        (OnExpiry::CommonFund, _) | (OnExpiry::Refund, None) => MovedTo::Fund {
            fund_id: FundId::common(&holding.terms.network),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    #[test]
    fn an_unused_voucher_expires_when_no_late_use_can_come_in_any_more() {
        let command = examples::expire();
        let fund_id = FundId::common(&examples::prepay().prepaid.network);
        let expired = Expired {
            remaining_minor: examples::price(6500),
            moved_to: MovedTo::Fund { fund_id },
        };
        assert_eq!(
            decide(&examples::on_the_board(), &command),
            Ok(vec![expired.into()])
        );
    }

    #[test]
    fn a_donor_who_wants_it_back_gets_it_back() {
        let mut prepay = examples::prepay();
        prepay.prepaid.on_expiry = OnExpiry::Refund;
        let donor_id = prepay.prepaid.donor_id.expect("a donor");
        let voucher = examples::after([prepay.into()]);
        let holding = voucher.usable().expect("usable");
        assert_eq!(moved_to(holding), MovedTo::Donor { donor_id });
    }

    #[test]
    fn a_voucher_does_not_expire_while_a_late_use_may_come_in() {
        let from = examples::expire().now;
        let early = Expire {
            now: from - TimeDelta::microseconds(1),
            ..examples::expire()
        };
        assert_eq!(
            decide(&examples::on_the_board(), &early),
            Err(Refusal::NotYet { from })
        );
    }

    #[test]
    fn a_used_or_expired_voucher_stays_what_it_is() {
        let expired = examples::after([examples::prepay().into(), examples::expire().into()]);
        for voucher in [examples::used(), expired] {
            assert_eq!(decide(&voucher, &examples::expire()), Ok(vec![]));
        }
    }
}
