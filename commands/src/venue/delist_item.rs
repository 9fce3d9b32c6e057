//! A venue takes an item off its list. What was prepaid keeps its promise.

use domain::ids::{ItemId, VenueId};
use domain::venue::Venue;
use domain::venue::delist_item::DelistItem as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Take an item off the list.
#[derive(Clone, Copy, Debug)]
pub struct DelistItem {
    /// The venue.
    pub venue_id: VenueId,
    /// The item.
    pub item_id: ItemId,
}

impl UseCase for DelistItem {
    const NAME: &'static str = "venue.delist_item";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let command = Decision {
            item_id: self.item_id,
        };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
