//! An operator suspends a venue: its vouchers go elsewhere, in batches, by a reaction.

use chrono::{DateTime, Utc};
use domain::ids::VenueId;
use domain::time::micros;
use domain::venue::Venue;
use domain::venue::disposal::Disposal;
use domain::venue::suspend::{Suspend as Decision, Suspended};

use super::destination::destination;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Suspend a venue.
#[derive(Clone, Debug)]
pub struct Suspend {
    /// The venue.
    pub venue_id: VenueId,
    /// From when it takes no vouchers; `None` = from now on.
    pub effective_at: Option<DateTime<Utc>>,
    /// What becomes of its vouchers.
    pub vouchers: Disposal,
}

impl UseCase for Suspend {
    const NAME: &'static str = "venue.suspend";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let suspended = Suspended {
            effective_at: micros(self.effective_at.unwrap_or(work.at())),
            vouchers: self.vouchers.clone(),
        };
        let command = Decision {
            suspended,
            destination: destination(work, self.venue_id, &self.vouchers).await?,
        };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
