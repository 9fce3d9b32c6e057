//! A service gets another name, other hours or another capacity.

use domain::ids::ServiceId;
use domain::service::Details;
use domain::service::Service;
use domain::service::change::{Change as Decision, Changed};

use super::provider::{provided, providers_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Change a service.
#[derive(Clone, Debug)]
pub struct Change {
    /// The service.
    pub service_id: ServiceId,
    /// Its name, hours and capacity now, as a whole.
    pub details: Details,
}

impl UseCase for Change {
    const NAME: &'static str = "service.change";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        providers_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        provided(work, self.service_id).await?;
        let changed = Changed {
            details: self.details.clone(),
        };
        let command = Decision { changed };
        work.decide::<Service>(self.service_id, command).await?;
        Ok(())
    }
}
