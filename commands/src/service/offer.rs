//! A venue or an organisation offers something free.

use domain::ids::{PlaceId, ServiceId};
use domain::organisation::Organisation;
use domain::place::Place;
use domain::service::offer::{Offer as Decision, Offered};
use domain::service::{Details, Provider, Service, ServiceKind};
use domain::venue::{Standing, Venue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provider::check;
use crate::executor::{Failure, UseCase};
use crate::principal::{Denied, Principal};
use crate::work::Work;

/// Offer a service.
#[derive(Clone, Debug)]
pub struct Offer {
    /// Who provides it.
    pub provider: Provider,
    /// Where.
    pub place_id: PlaceId,
    /// What.
    pub kind: ServiceKind,
    /// Its name, hours and capacity.
    pub details: Details,
}

/// The service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ServiceOffered)]
pub struct Answer {
    /// The service.
    pub service_id: ServiceId,
}

impl UseCase for Offer {
    const NAME: &'static str = "service.offer";
    type Answer = Answer;

    fn authorise(&self, who: &Principal) -> Result<(), Denied> {
        check(who, self.provider)
    }

    async fn run(&self, work: &mut Work) -> Result<Answer, Failure> {
        let service_id: ServiceId = work.new_id();
        let offered = Offered {
            network: work.network().clone(),
            provider: self.provider,
            place_id: self.place_id,
            kind: self.kind,
            details: self.details.clone(),
        };
        let command = Decision {
            offered,
            provider_takes_part: takes_part(work, self.provider).await?,
            place_is_open: work.get::<Place>(self.place_id).await?.is_open(),
        };
        work.decide::<Service>(service_id, command).await?;
        Ok(Answer { service_id })
    }
}

/// A suspended venue takes no vouchers; its free services go on.
async fn takes_part(work: &mut Work, provider: Provider) -> Result<bool, Failure> {
    match provider {
        Provider::Venue { venue_id } => {
            let venue = work.get::<Venue>(venue_id).await?;
            let standing = venue.house().map(|house| house.standing);
            Ok(!matches!(standing, None | Some(Standing::Left { .. })))
        }
        Provider::Organisation { organisation_id } => {
            let organisation = work.get::<Organisation>(organisation_id).await?;
            Ok(organisation.takes_part())
        }
    }
}
