//! A voucher that nobody handed out returns to the board.

use domain::ids::VoucherId;
use domain::voucher::Voucher;
use domain::voucher::return_to_board::ReturnToBoard as Decision;

use super::holding::{held, holders_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Return a voucher to the board.
#[derive(Clone, Copy, Debug)]
pub struct ReturnToBoard {
    /// The voucher.
    pub voucher_id: VoucherId,
}

impl UseCase for ReturnToBoard {
    const NAME: &'static str = "voucher.return_to_board";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        holders_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        held(work, self.voucher_id).await?;
        work.decide::<Voucher>(self.voucher_id, Decision {}).await?;
        Ok(())
    }
}
