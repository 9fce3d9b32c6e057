//! A code stops being valid: the paper was lost, stolen, misprinted or came back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Voucher, VoucherEvent, refused_when_ended};

/// Revoke a code.
#[derive(Clone, Debug)]
pub struct RevokeCode {
    /// What will be recorded.
    pub revoked: CodeRevoked,
}

/// A code was revoked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRevoked {
    /// The number of the issue that is no longer valid.
    pub issue_no: u32,
    /// Why.
    pub reason: RevokeReason,
}

/// Why a code is no longer valid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RevokeReason {
    /// Nobody knows where it is.
    Lost,
    /// It cannot be read.
    Misprinted,
    /// It came back unused.
    Returned,
    /// It was stolen or copied.
    Stolen,
}

refusals! {
    /// Why a code is not revoked.
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
        /// No code with this number was issued.
        #[error("no code with this number was issued")]
        UnknownCode,
    }
}
refused_when_ended!(Refusal);

/// Whether the code is revoked.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(voucher: &Voucher, command: &RevokeCode) -> Result<Vec<VoucherEvent>, Refusal> {
    let holding = voucher.require_usable()?;
    let issue_no = command.revoked.issue_no;
    if holding.issue_no == Some(issue_no) {
        return Ok(vec![command.revoked.clone().into()]);
    }
    // An earlier code stopped being valid when it was revoked or the next one was issued.
    if (1..=holding.last_issue_no()).contains(&issue_no) {
        return Ok(vec![]);
    }
    Err(Refusal::UnknownCode)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::voucher::examples;

    #[test]
    fn the_valid_code_is_revoked() {
        let command = examples::revoke_code();
        assert_eq!(
            decide(&examples::with_a_code(), &command),
            Ok(vec![command.revoked.into()])
        );
    }

    #[test]
    fn a_code_that_was_never_issued_is_not_revoked() {
        assert_eq!(
            decide(&examples::on_the_board(), &examples::revoke_code()),
            Err(Refusal::UnknownCode)
        );
    }

    #[test]
    fn revoking_again_changes_nothing() {
        assert_eq!(
            decide(&examples::with_a_revoked_code(), &examples::revoke_code()),
            Ok(vec![])
        );
    }
}
