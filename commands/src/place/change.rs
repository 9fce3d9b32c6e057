//! An operator corrects what is said of a place.

use domain::ids::PlaceId;
use domain::place::change::{Change as Decision, Changed};
use domain::place::{Description, Place};

use super::is_drawn;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Change a place.
#[derive(Clone, Debug)]
pub struct Change {
    /// The place.
    pub place_id: PlaceId,
    /// What and where it is now, as a whole.
    pub description: Description,
}

impl UseCase for Change {
    const NAME: &'static str = "place.change";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Place>(self.place_id).await?;
        let command = Decision {
            changed: Changed {
                description: self.description.clone(),
            },
            district_is_drawn: is_drawn(work, &self.description.district_code).await?,
        };
        work.decide::<Place>(self.place_id, command).await?;
        Ok(())
    }
}
