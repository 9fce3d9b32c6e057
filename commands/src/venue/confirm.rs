//! Somebody at the venue says that what the network shows is still true.

use domain::ids::VenueId;
use domain::venue::Venue;
use domain::venue::confirm::{Confirm as Decision, Confirmable, Confirmed};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Confirm what is shown.
#[derive(Clone, Copy, Debug)]
pub struct Confirm {
    /// The venue.
    pub venue_id: VenueId,
    /// What was looked at.
    pub what: Confirmable,
}

impl UseCase for Confirm {
    const NAME: &'static str = "venue.confirm";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let confirmed = Confirmed {
            at: work.at(),
            what: self.what,
        };
        let command = Decision { confirmed };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
