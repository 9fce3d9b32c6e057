//! An operator records that an organisation leaves.

use domain::ids::OrganisationId;
use domain::organisation::Organisation;
use domain::organisation::leave::Leave as Decision;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Let an organisation leave.
#[derive(Clone, Copy, Debug)]
pub struct Leave {
    /// The organisation.
    pub organisation_id: OrganisationId,
}

impl UseCase for Leave {
    const NAME: &'static str = "organisation.leave";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Organisation>(self.organisation_id).await?;
        work.decide::<Organisation>(self.organisation_id, Decision {})
            .await?;
        Ok(())
    }
}
