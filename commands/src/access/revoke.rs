//! An operator revokes a grant.

use domain::access::Access;
use domain::access::revoke::Revoke as Decision;
use domain::ids::AccessId;

use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Revoke access.
#[derive(Clone, Copy, Debug)]
pub struct Revoke {
    /// The access.
    pub access_id: AccessId,
}

impl UseCase for Revoke {
    const NAME: &'static str = "access.revoke";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        who.operator()
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        work.get::<Access>(self.access_id).await?;
        work.decide::<Access>(self.access_id, Decision {}).await?;
        Ok(())
    }
}
