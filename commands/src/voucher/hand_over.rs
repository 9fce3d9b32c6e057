//! Whoever holds a voucher gives it to somebody. Who that is, nobody writes down.

use domain::ids::VoucherId;
use domain::text::Label;
use domain::voucher::hand_over::{HandOver as Decision, HandedOver};
use domain::voucher::{Holding, Voucher};

use super::holding::{held, holders_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Note that a voucher was handed over.
#[derive(Clone, Debug)]
pub struct HandOver {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The official code of the district where it was given.
    pub district: Option<Label>,
}

domain::refusals! {
    /// Why nothing is noted.
    pub enum Refusal {
        /// It is on the board.
        #[error("this voucher is on the board: issue a code first")]
        OnTheBoard,
    }
}

impl UseCase for HandOver {
    const NAME: &'static str = "voucher.hand_over";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        holders_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let voucher = held(work, self.voucher_id).await?;
        let by = voucher.holding().and_then(Holding::holder);
        let by = by.ok_or(Failure::Refused(Refusal::OnTheBoard.into()))?;
        let handed_over = HandedOver {
            by,
            district: self.district.clone(),
        };
        work.decide::<Voucher>(self.voucher_id, Decision { handed_over })
            .await?;
        Ok(())
    }
}
