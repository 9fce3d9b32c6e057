//! A paused service is there again.

use domain::ids::ServiceId;
use domain::service::Service;
use domain::service::resume::Resume as Decision;

use super::provider::{provided, providers_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Resume a service.
#[derive(Clone, Copy, Debug)]
pub struct Resume {
    /// The service.
    pub service_id: ServiceId,
}

impl UseCase for Resume {
    const NAME: &'static str = "service.resume";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        providers_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        provided(work, self.service_id).await?;
        let command = Decision {};
        work.decide::<Service>(self.service_id, command).await?;
        Ok(())
    }
}
