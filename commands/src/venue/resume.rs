//! A suspended venue takes vouchers again. Those that were moved stay where they are.

use domain::ids::VenueId;
use domain::venue::Venue;
use domain::venue::resume::Resume as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Resume a venue.
#[derive(Clone, Copy, Debug)]
pub struct Resume {
    /// The venue.
    pub venue_id: VenueId,
}

impl UseCase for Resume {
    const NAME: &'static str = "venue.resume";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let command = Decision {};
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
