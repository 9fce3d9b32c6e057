//! An operator gives vouchers from a board to an organisation that hands them out.

use chrono::{DateTime, Utc};
use domain::ids::{ItemId, OrganisationId, VenueId, VoucherId};
use domain::voucher::allocate::{Allocate as Decision, Allocated};
use domain::voucher::prepay::MAX_QUANTITY;
use domain::voucher::{Holder, Voucher};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::issue_code::takes_part;
use super::prepay::counter;
use super::redeem::{LOSSES, LOST, Refusal as RedeemRefusal, board_key};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Allocate vouchers, oldest first, all or none.
#[derive(Clone, Debug)]
pub struct Allocate {
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// The venue on whose board they are.
    pub venue_id: VenueId,
    /// The item.
    pub item_id: ItemId,
    /// How many, 1 to 500.
    pub count: u32,
    /// The instant from which they should be back if no code was issued.
    pub return_by: Option<DateTime<Utc>>,
}

/// Which were allocated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VouchersAllocated)]
pub struct Answer {
    /// The vouchers.
    pub voucher_ids: Vec<VoucherId>,
}

domain::refusals! {
    /// Why nothing is allocated.
    pub enum Refusal {
        /// 1 to 500 at once.
        #[error("1 to {MAX_QUANTITY} vouchers are allocated at once")]
        Quantity,
    }
}

impl UseCase for Allocate {
    const NAME: &'static str = "voucher.allocate";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        if !(1..=MAX_QUANTITY).contains(&self.count) {
            return Err(Failure::Refused(Refusal::Quantity.into()));
        }
        let organisation_id = self.organisation_id;
        let organisation_takes_part =
            takes_part(work, Holder::Organisation { organisation_id }).await?;
        let counter = counter(work, self.venue_id, Some(self.item_id)).await?;
        let item = counter
            .item
            .ok_or(Failure::Refused(RedeemRefusal::UnknownItem.into()))?;
        let key = board_key(work, self.venue_id, &item);
        let allocated = Allocated {
            organisation_id,
            return_by: self.return_by,
        };
        let command = Decision {
            at: work.at(),
            allocated,
            organisation_takes_part,
        };
        for _ in 0..LOSSES {
            let picked = work.pick(&key, self.count as usize).await?;
            let voucher_ids = picked
                .map_err(|left| Failure::Refused(RedeemRefusal::NothingOnBoard { left }.into()))?;
            match allocate_all(work, &voucher_ids, &command).await {
                Ok(()) => return Ok(Answer { voucher_ids }),
                Err(Failure::Refused(refused)) if LOST.contains(&refused.code.as_str()) => {
                    work.put_back(&voucher_ids);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Failure::Contended)
    }
}

async fn allocate_all(
    work: &mut Work,
    voucher_ids: &[VoucherId],
    command: &Decision,
) -> Result<(), Failure> {
    for voucher_id in voucher_ids {
        work.decide::<Voucher>(*voucher_id, command.clone()).await?;
    }
    Ok(())
}
