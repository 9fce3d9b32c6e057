//! A voucher that was with an organisation or a donor is on the board again, for anybody who asks.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Placed, Voucher, VoucherEvent, refused_when_ended};

/// Return a voucher to the board.
#[derive(Clone, Copy, Debug)]
pub struct ReturnToBoard {}

/// A voucher was returned to the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedToBoard {}

refusals! {
    /// Why a voucher does not return to the board.
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
        /// Somebody may hold its code: it must be revoked first.
        #[error("a valid code is out: revoke it first")]
        CodeIsValid,
    }
}
refused_when_ended!(Refusal);

/// Whether the voucher returns to the board.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, _command: &ReturnToBoard) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    if holding.placed == Placed::Board {
        return Ok(vec![]);
    }
    if holding.issue_no.is_some() {
        return Err(Refusal::CodeIsValid);
    }
    Ok(vec![ReturnedToBoard {}.into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    #[test]
    fn a_voucher_without_a_valid_code_returns() {
        for voucher in [examples::allocated(), examples::with_a_revoked_code()] {
            assert_eq!(
                decide(&voucher, &ReturnToBoard {}),
                Ok(vec![ReturnedToBoard {}.into()])
            );
        }
    }

    #[test]
    fn a_voucher_whose_code_is_out_does_not_return() {
        assert_eq!(
            decide(&examples::with_a_code(), &ReturnToBoard {}),
            Err(Refusal::CodeIsValid)
        );
    }

    #[test]
    fn what_is_on_the_board_stays_there() {
        assert_eq!(
            decide(&examples::on_the_board(), &ReturnToBoard {}),
            Ok(vec![])
        );
    }
}
