//! A venue lists an item that vouchers can be prepaid for.

use domain::ids::{ItemId, VenueId};
use domain::money::Minor;
use domain::text::Name;
use domain::venue::list_item::{ItemListed, ListItem as Decision};
use domain::venue::{ItemKind, Venue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// List an item.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// The venue.
    pub venue_id: VenueId,
    /// Its kind.
    pub kind: ItemKind,
    /// Its name.
    pub name: Name,
    /// Its price, in minor units.
    pub price_minor: Minor,
    /// The most that the venue hands out in a day.
    pub daily_limit: Option<u32>,
}

/// The item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ItemListed)]
pub struct Answer {
    /// The item.
    pub item_id: ItemId,
}

impl UseCase for ListItem {
    const NAME: &'static str = "venue.list_item";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let item_id: ItemId = work.new_id();
        let listed = ItemListed {
            item_id,
            kind: self.kind,
            name: self.name.clone(),
            price_minor: self.price_minor,
            daily_limit: self.daily_limit,
        };
        work.decide::<Venue>(self.venue_id, Decision { listed })
            .await?;
        Ok(Answer { item_id })
    }
}
