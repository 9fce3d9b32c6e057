//! A venue leaves the network: its vouchers go elsewhere, in batches, by a reaction.

use chrono::{DateTime, Utc};
use domain::ids::VenueId;
use domain::time::micros;
use domain::venue::Venue;
use domain::venue::disposal::Disposal;
use domain::venue::leave::{Leave as Decision, Left};

use super::destination::destination;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Let a venue leave.
#[derive(Clone, Debug)]
pub struct Leave {
    /// The venue.
    pub venue_id: VenueId,
    /// From when it takes no vouchers; `None` = from now on.
    pub effective_at: Option<DateTime<Utc>>,
    /// What becomes of its vouchers.
    pub vouchers: Disposal,
}

impl UseCase for Leave {
    const NAME: &'static str = "venue.leave";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let left = Left {
            effective_at: micros(self.effective_at.unwrap_or(work.at())),
            vouchers: self.vouchers.clone(),
        };
        let command = Decision {
            left,
            destination: destination(work, self.venue_id, &self.vouchers).await?,
        };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
