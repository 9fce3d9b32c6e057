//! A venue announces that it will be closed although its hours say that it is open.

use chrono::{DateTime, Utc};
use domain::ids::{ClosureId, VenueId};
use domain::venue::Venue;
use domain::venue::announce_closure::{
    AnnounceClosure as Decision, ClosureAnnounced, ClosureReason,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Announce a closure.
#[derive(Clone, Copy, Debug)]
pub struct AnnounceClosure {
    /// The venue.
    pub venue_id: VenueId,
    /// From when; `None` = from now on.
    pub from: Option<DateTime<Utc>>,
    /// The instant from which it is open again; `None` = until the closure is cancelled.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub reason: ClosureReason,
}

/// The closure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ClosureAnnounced)]
pub struct Answer {
    /// The closure.
    pub closure_id: ClosureId,
}

impl UseCase for AnnounceClosure {
    const NAME: &'static str = "venue.announce_closure";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let closure_id: ClosureId = work.new_id();
        let announced = ClosureAnnounced {
            at: work.at(),
            closure_id,
            from: self.from.unwrap_or(work.at()),
            to: self.to,
            reason: self.reason,
        };
        let command = Decision { announced };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(Answer { closure_id })
    }
}
