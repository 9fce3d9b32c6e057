//! An operator lets an organisation join.

use domain::ids::OrganisationId;
use domain::organisation::Organisation;
use domain::organisation::join::{Join as Decision, Joined, OrganisationKind};
use domain::text::Name;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Let an organisation join.
#[derive(Clone, Debug)]
pub struct Join {
    /// Its public name.
    pub name: Name,
    /// What it is.
    pub kind: OrganisationKind,
    /// The number of the agreement by which it takes part.
    pub agreement: Option<Name>,
}

/// The organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OrganisationJoined)]
pub struct Answer {
    /// The organisation.
    pub organisation_id: OrganisationId,
}

impl UseCase for Join {
    const NAME: &'static str = "organisation.join";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let organisation_id: OrganisationId = work.new_id();
        let joined = Joined {
            network: work.network().clone(),
            name: self.name.clone(),
            kind: self.kind,
            agreement: self.agreement.clone(),
        };
        work.decide::<Organisation>(organisation_id, Decision { joined })
            .await?;
        Ok(Answer { organisation_id })
    }
}
