//! Somebody had to be turned away: the need that is not met is recorded.

use chrono::{DateTime, Utc};
use domain::ids::VenueId;
use domain::venue::Venue;
use domain::venue::turn_away::{AskedFor, TurnAway as Decision, TurnedAway, TurnedAwayReason};

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Record that people were turned away.
#[derive(Clone, Copy, Debug)]
pub struct TurnAway {
    /// The venue.
    pub venue_id: VenueId,
    /// What they asked for.
    pub what: AskedFor,
    /// Why they did not get it.
    pub reason: TurnedAwayReason,
    /// How many.
    pub count: u32,
    /// When they were told to come back.
    pub come_back_at: Option<DateTime<Utc>>,
}

impl UseCase for TurnAway {
    const NAME: &'static str = "venue.turn_away";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.venue(self.venue_id)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Venue>(self.venue_id).await?;
        let turned_away = TurnedAway {
            what: self.what,
            reason: self.reason,
            count: self.count,
            come_back_at: self.come_back_at,
        };
        let command = Decision { turned_away };
        work.decide::<Venue>(self.venue_id, command).await?;
        Ok(())
    }
}
