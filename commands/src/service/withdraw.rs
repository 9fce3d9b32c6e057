//! A service is no longer there.

use domain::ids::ServiceId;
use domain::service::Service;
use domain::service::withdraw::{Withdraw as Decision, Withdrawn};

use super::provider::{provided, providers_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Withdraw a service.
#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    /// The service.
    pub service_id: ServiceId,
}

impl UseCase for Withdraw {
    const NAME: &'static str = "service.withdraw";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        providers_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        provided(work, self.service_id).await?;
        let command = Decision {
            withdrawn: Withdrawn { at: work.at() },
        };
        work.decide::<Service>(self.service_id, command).await?;
        Ok(())
    }
}
