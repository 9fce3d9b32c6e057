//! What is left of a voucher is given back.

use domain::ids::VoucherId;
use domain::voucher::Voucher;
use domain::voucher::refund::{Refund as Decision, RefundReason};

use super::holding::held;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, May, Principal};
use crate::work::Work;

/// Refund a voucher.
#[derive(Clone, Copy, Debug)]
pub struct Refund {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// Whether the donor wants the money; otherwise the fund keeps it.
    pub to_donor: bool,
    /// Why; donors can only wish.
    pub reason: RefundReason,
}

impl UseCase for Refund {
    const NAME: &'static str = "voucher.refund";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        match (&who.may, self.reason) {
            (May::Scope(domain::access::Scope::Donor { .. }), RefundReason::DonorsWish) => Ok(()),
            _ => who.operator(),
        }
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        held(work, self.voucher_id).await?;
        let command = Decision {
            at: work.at(),
            to_donor: self.to_donor,
            reason: self.reason,
        };
        work.decide::<Voucher>(self.voucher_id, command).await?;
        Ok(())
    }
}
