//! A voucher gets another venue, because its own has left or is suspended.

use domain::ids::{FundId, ItemId, VenueId, VoucherId};
use domain::voucher::Voucher;
use domain::voucher::rehome::Rehome as Decision;

use super::prepay::counter;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Give a voucher another venue.
#[derive(Clone, Copy, Debug)]
pub struct Rehome {
    /// The voucher.
    pub voucher_id: VoucherId,
    /// The venue that it loses.
    pub from_venue: VenueId,
    /// The venue that it gets, with the item that takes the place of the old one; `None` = the
    /// venue is dropped from the voucher's list of venues.
    pub to: Option<(VenueId, Option<ItemId>)>,
}

impl UseCase for Rehome {
    const NAME: &'static str = "voucher.rehome";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        let voucher = work.get::<Voucher>(self.voucher_id).await?;
        let fund_id = voucher.holding().map(|holding| holding.terms.fund_id);
        let to = match self.to {
            Some((venue_id, item_id)) => Some(counter(work, venue_id, item_id).await?),
            None => None,
        };
        let command = Decision {
            from_venue: self.from_venue,
            to,
            price_rise_borne_by: work.policy().await?.price_rise_borne_by,
            difference_to: fund_id.unwrap_or_else(|| FundId::common(work.network())),
        };
        work.decide::<Voucher>(self.voucher_id, command).await?;
        Ok(())
    }
}
