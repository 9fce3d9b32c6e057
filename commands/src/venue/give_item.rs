//! A venue gives something itself, without a voucher: nobody owes it anything for that.

use domain::ids::{ItemId, VenueId};
use domain::venue::Venue;
use domain::venue::give_item::{GiftReason, GiveItem as Decision, ItemGiven};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Give something.
#[derive(Clone, Copy, Debug)]
pub struct GiveItem {
    /// The venue.
    pub venue_id: VenueId,
    /// What; `None` where a credit came too late and nobody wrote down what it was used for.
    pub item_id: Option<ItemId>,
    /// How many.
    pub units: u32,
    /// Why.
    pub reason: GiftReason,
}

impl UseCase for GiveItem {
    const NAME: &'static str = "venue.give_item";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let given = ItemGiven {
            item_id: self.item_id,
            units: self.units,
            reason: self.reason,
        };
        let command = Decision { given };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
