//! Somebody counts how many people a service was provided to. Nobody is named.

use chrono::{DateTime, Utc};
use domain::ids::ServiceId;
use domain::service::Service;
use domain::service::provide::{Method, Provide as Decision, Provided};

use super::provider::{provided, providers_only};
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Count whom a service was provided to.
#[derive(Clone, Copy, Debug)]
pub struct Provide {
    /// The service.
    pub service_id: ServiceId,
    /// To how many people.
    pub count: u32,
    /// From when; `None` = at this moment.
    pub from: Option<DateTime<Utc>>,
    /// Until when; `None` = a single moment.
    pub to: Option<DateTime<Utc>>,
    /// How sure the number is.
    pub method: Method,
}

impl UseCase for Provide {
    const NAME: &'static str = "service.provide";
    type Answer = ();

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        providers_only(who)
    }

    async fn run(&self, work: &mut Work) -> Result<(), Failure> {
        provided(work, self.service_id).await?;
        let from = self.from.unwrap_or(work.at());
        let provided = Provided {
            count: self.count,
            from,
            to: self.to.unwrap_or(from),
            method: self.method,
        };
        let command = Decision { provided };
        work.decide::<Service>(self.service_id, command).await?;
        Ok(())
    }
}
