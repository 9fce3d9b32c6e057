//! A code is revoked: it was lost, misprinted, stolen, or came back.

use domain::ids::VoucherId;
use domain::voucher::Voucher;
use domain::voucher::revoke_code::{CodeRevoked, RevokeCode as Decision, RevokeReason};

use super::holding::{held, holders_and_staff};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Revoke a code.
#[derive(Clone, Copy, Debug)]
pub struct RevokeCode {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The number of the issue; `None` = the one that is valid.
    pub issue_no: Option<u32>,
    /// Why.
    pub reason: RevokeReason,
}

impl UseCase for RevokeCode {
    const NAME: &'static str = "voucher.revoke_code";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        holders_and_staff(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let voucher = held(work, self.voucher_id).await?;
        let valid = voucher
            .holding()
            .map(|holding| holding.issue_no.unwrap_or(holding.last_issue_no()));
        let issue_no = self.issue_no.or(valid).unwrap_or_default();
        let revoked = CodeRevoked {
            issue_no,
            reason: self.reason,
        };
        work.decide::<Voucher>(self.voucher_id, Decision { revoked })
            .await?;
        Ok(())
    }
}
