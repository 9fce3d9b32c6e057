//! A venue changes the price of an item. What was prepaid keeps its promise.

use domain::ids::{ItemId, VenueId};
use domain::money::Minor;
use domain::venue::Venue;
use domain::venue::reprice_item::{ItemRepriced, RepriceItem as Decision};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Change a price.
#[derive(Clone, Copy, Debug)]
pub struct RepriceItem {
    /// The venue.
    pub venue_id: VenueId,
    /// The item.
    pub item_id: ItemId,
    /// Its price from now on, in minor units.
    pub price_minor: Minor,
}

impl UseCase for RepriceItem {
    const NAME: &'static str = "venue.reprice_item";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let repriced = ItemRepriced {
            item_id: self.item_id,
            price_minor: self.price_minor,
        };
        let command = Decision { repriced };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
