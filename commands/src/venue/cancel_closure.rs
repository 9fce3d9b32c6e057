//! A venue is open after all, or open again.

use domain::ids::{ClosureId, VenueId};
use domain::venue::Venue;
use domain::venue::cancel_closure::CancelClosure as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Cancel a closure.
#[derive(Clone, Copy, Debug)]
pub struct CancelClosure {
    /// The venue.
    pub venue_id: VenueId,
    /// The closure.
    pub closure_id: ClosureId,
}

impl UseCase for CancelClosure {
    const NAME: &'static str = "venue.cancel_closure";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let command = Decision {
            closure_id: self.closure_id,
        };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
