//! An operator voids a voucher that should never have been.

use domain::ids::VoucherId;
use domain::voucher::Voucher;
use domain::voucher::void::{Void as Decision, VoidReason};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Void a voucher.
#[derive(Clone, Copy, Debug)]
pub struct Void {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// Why.
    pub reason: VoidReason,
}

impl UseCase for Void {
    const NAME: &'static str = "voucher.void";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Voucher>(self.voucher_id).await?;
        work.decide::<Voucher>(
            self.voucher_id,
            Decision {
                reason: self.reason,
            },
        )
        .await?;
        Ok(())
    }
}
