//! An operator draws a district on the map, or draws it anew.

use domain::district::District;
use domain::district::draw::{Draw as Decision, Drawn};
use domain::geography::Boundary;
use domain::ids::DistrictId;
use domain::text::{Label, Name};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Draw a district.
#[derive(Clone, Debug)]
pub struct Draw {
    /// Its official code.
    pub code: Label,
    /// Its public name.
    pub name: Name,
    /// How many people live there.
    pub population: u32,
    /// Its boundary.
    pub boundary: Boundary,
}

/// The district.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DistrictDrawn)]
pub struct Answer {
    /// The district; it follows from the code.
    pub district_id: DistrictId,
}

impl UseCase for Draw {
    const NAME: &'static str = "district.draw";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let drawn = Drawn {
            network: work.network().clone(),
            code: self.code.clone(),
            name: self.name.clone(),
            population: self.population,
            boundary: self.boundary.clone(),
        };
        let district_id = DistrictId::of(work.network(), self.code.as_str());
        work.decide::<District>(district_id, Decision { drawn })
            .await?;
        Ok(Answer { district_id })
    }
}
