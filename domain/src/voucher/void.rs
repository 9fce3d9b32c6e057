//! A voucher that should never have been is voided: it was not paid, or entered wrongly.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Voucher, VoucherEvent};
use crate::money::Minor;

/// Void a voucher.
#[derive(Clone, Copy, Debug)]
pub struct Void {
    /// Why.
    pub reason: VoidReason,
}

/// A voucher was voided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// What was on it, in minor units.
    pub amount_minor: Minor,
    /// Why.
    pub reason: VoidReason,
}

/// Why a voucher was voided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum VoidReason {
    /// It was entered wrongly.
    EntryError,
    /// The money never came.
    PaymentFailed,
    /// Somebody cheated.
    Fraud,
}

refusals! {
    /// Why a voucher is not voided.
    pub enum Refusal {
        /// No such voucher.
        #[error("there is no such voucher")]
        UnknownVoucher,
        /// It was used, or a part of it.
        #[error("this voucher was already used")]
        AlreadyRedeemed {
            /// When.
            at: DateTime<Utc>
        },
        /// Its value went where its donor had said.
        #[error("this voucher is expired")]
        Expired,
        /// It was refunded.
        #[error("this voucher was refunded")]
        Refunded,
    }
}

/// Whether the voucher is voided.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &Void) -> Result<Vec<VoucherEvent>, Refusal> {
    match voucher {
        Voucher::Unknown => Err(Refusal::UnknownVoucher),
        Voucher::Voided(_) => Ok(vec![]),
        Voucher::Expired(_) => Err(Refusal::Expired),
        Voucher::Refunded(_) => Err(Refusal::Refunded),
        Voucher::Used(holding) => Err(Refusal::AlreadyRedeemed {
            at: holding.last_use(),
        }),
        Voucher::Usable(holding) if holding.is_partly_used() => Err(Refusal::AlreadyRedeemed {
            at: holding.last_use(),
        }),
        Voucher::Usable(holding) => {
            let voided = Voided {
                amount_minor: holding.remaining_minor,
                reason: command.reason,
            };
            Ok(vec![voided.into()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::{VoucherCommand, examples};

    const VOID: Void = Void {
        reason: VoidReason::PaymentFailed,
    };

    #[test]
    fn what_was_never_paid_is_voided() {
        let voided = Voided {
            amount_minor: examples::price(6500),
            reason: VoidReason::PaymentFailed,
        };
        for voucher in [examples::on_the_board(), examples::with_a_code()] {
            assert_eq!(decide(&voucher, &VOID), Ok(vec![voided.clone().into()]));
        }
    }

    #[test]
    fn what_was_used_even_in_part_is_not_voided() {
        let commands: [VoucherCommand; 2] = [
            examples::prepay_credit().into(),
            examples::redeem_amount(100).into(),
        ];
        let at = examples::redeem().at;
        for voucher in [examples::used(), examples::after(commands)] {
            assert_eq!(
                decide(&voucher, &VOID),
                Err(Refusal::AlreadyRedeemed { at })
            );
        }
    }

    #[test]
    fn voiding_again_changes_nothing() {
        let voided = examples::after([examples::prepay().into(), VOID.into()]);
        assert_eq!(decide(&voided, &VOID), Ok(vec![]));
    }
}
