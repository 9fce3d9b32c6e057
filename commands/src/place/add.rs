//! An operator adds a place.

use domain::ids::PlaceId;
use domain::place::add::{Add as Decision, Added};
use domain::place::{Description, Place};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::is_drawn;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Add a place.
#[derive(Clone, Debug)]
pub struct Add {
    /// What and where it is.
    pub description: Description,
}

/// The place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PlaceAdded)]
pub struct Answer {
    /// The place.
    pub place_id: PlaceId,
}

impl UseCase for Add {
    const NAME: &'static str = "place.add";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let place_id: PlaceId = work.new_id();
        let command = Decision {
            added: Added {
                network: work.network().clone(),
                description: self.description.clone(),
            },
            district_is_drawn: is_drawn(work, &self.description.district_code).await?,
        };
        work.decide::<Place>(place_id, command).await?;
        Ok(Answer { place_id })
    }
}
