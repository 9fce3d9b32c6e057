//! An operator admits a house to the network.

use domain::ids::{PlaceId, VenueId};
use domain::place::Place;
use domain::text::Name;
use domain::venue::Venue;
use domain::venue::admit::{Admit as Decision, Admitted, VenueKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Admit a venue.
#[derive(Clone, Debug)]
pub struct Admit {
    /// Its public name.
    pub name: Name,
    /// What house it is.
    pub kind: VenueKind,
    /// Where it is.
    pub place_id: PlaceId,
}

/// The venue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = VenueAdmitted)]
pub struct Answer {
    /// The venue.
    pub venue_id: VenueId,
}

impl UseCase for Admit {
    const NAME: &'static str = "venue.admit";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let venue_id: VenueId = work.new_id();
        let admitted = Admitted {
            network: work.network().clone(),
            name: self.name.clone(),
            kind: self.kind,
            place_id: self.place_id,
        };
        let command = Decision {
            admitted,
            place_is_open: work.get::<Place>(self.place_id).await?.is_open(),
        };
        work.decide::<Venue>(venue_id, command).await?;
        Ok(Answer { venue_id })
    }
}
