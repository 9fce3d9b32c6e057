//! A service is not there for a while.

use chrono::{DateTime, Utc};
use domain::ids::ServiceId;
use domain::service::Service;
use domain::service::pause::{Pause as Decision, Paused};

use super::provider::{provided, providers_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Pause a service.
#[derive(Clone, Copy, Debug)]
pub struct Pause {
    /// The service.
    pub service_id: ServiceId,
    /// When it is there again; `None` = until it is resumed.
    pub until: Option<DateTime<Utc>>,
}

impl UseCase for Pause {
    const NAME: &'static str = "service.pause";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        providers_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        provided(work, self.service_id).await?;
        let command = Decision {
            at: work.at(),
            paused: Paused { until: self.until },
        };
        work.decide::<Service>(self.service_id, command).await?;
        Ok(())
    }
}
