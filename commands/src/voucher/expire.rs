//! A voucher that nobody used in time goes where its donor had said. Only the reaction does this.

use domain::ids::VoucherId;
use domain::voucher::Voucher;
use domain::voucher::expire::Expire as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Record that a voucher expired.
#[derive(Clone, Copy, Debug)]
pub struct Expire {
    /// The voucher.
    pub voucher_id: VoucherId,
}

impl UseCase for Expire {
    const NAME: &'static str = "voucher.expire";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.system_only()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Voucher>(self.voucher_id).await?;
        let late_record_window = work.policy().await?.late_record_window();
        let command = Decision {
            now: work.at(),
            late_record_window,
        };
        work.decide::<Voucher>(self.voucher_id, command).await?;
        Ok(())
    }
}
