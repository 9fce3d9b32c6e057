//! A venue says when it is open.

use domain::hours::Hours;
use domain::ids::VenueId;
use domain::venue::Venue;
use domain::venue::set_hours::{HoursSet, SetHours as Decision};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Set the opening hours.
#[derive(Clone, Debug)]
pub struct SetHours {
    /// The venue.
    pub venue_id: VenueId,
    /// The usual hours; closures come on top.
    pub opening_hours: Hours,
}

impl UseCase for SetHours {
    const NAME: &'static str = "venue.set_hours";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let set = HoursSet {
            opening_hours: self.opening_hours.clone(),
        };
        let command = Decision { set };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
