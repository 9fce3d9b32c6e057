//! A venue or an organisation offers something free.

use serde::{Deserialize, Serialize};

use super::{Details, MAX_CAPACITY, Provider, Service, ServiceEvent, ServiceKind};
use crate::ids::PlaceId;
use crate::text::Slug;

/// Offer a service.
#[derive(Clone, Debug)]
pub struct Offer {
    /// What will be recorded.
    pub offered: Offered,
    /// Whether the venue or organisation takes part.
    pub provider_takes_part: bool,
    /// Whether its place is open.
    pub place_is_open: bool,
}

/// A service was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    /// The network.
    pub network: Slug,
    /// Who provides it.
    pub provider: Provider,
    /// Where.
    pub place_id: PlaceId,
    /// What.
    pub kind: ServiceKind,
    /// Its name, hours and capacity.
    #[serde(flatten)]
    pub details: Details,
}

refusals! {
    /// Why a service is not offered.
    pub enum Refusal {
        /// The id belongs to another service, or to one that has changed since.
        #[error("a service with this id was offered before, on other terms")]
        AlreadyOffered,
        /// Whoever should provide it does not take part.
        #[error("the provider does not take part")]
        ProviderUnknown,
        /// A service is at a place of the network.
        #[error("the place is closed")]
        PlaceClosed,
        /// Its hours say nothing, or its capacity is out of bounds.
        #[error("hours are written as in OpenStreetMap, and a capacity is 1 to {MAX_CAPACITY}")]
        BadDetails,
    }
}

/// Whether the service is offered.
///
/// # Errors
/// See [`Refusal`].
pub fn decide(service: &Service, command: &Offer) -> Result<Vec<ServiceEvent>, Refusal> {
    if let Some(standing) = service.standing() {
        return if standing.offered == command.offered {
            Ok(vec![])
        } else {
            Err(Refusal::AlreadyOffered)
        };
    }
    if !command.provider_takes_part {
        return Err(Refusal::ProviderUnknown);
    }
    if !command.place_is_open {
        return Err(Refusal::PlaceClosed);
    }
    if !command.offered.details.are_within_bounds() {
        return Err(Refusal::BadDetails);
    }
    Ok(vec![command.offered.clone().into()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::examples;

    #[test]
    fn a_service_at_an_open_place_is_offered() {
        let command = examples::offer();
        assert_eq!(
            decide(&Service::Unknown, &command),
            Ok(vec![command.offered.into()])
        );
    }

    #[test]
    fn what_nobody_can_provide_is_not_offered() {
        let mut full = examples::offer();
        full.offered.details.capacity = Some(0);
        let nobody = Offer {
            provider_takes_part: false,
            ..examples::offer()
        };
        let nowhere = Offer {
            place_is_open: false,
            ..examples::offer()
        };
        let table = [
            (full, Refusal::BadDetails),
            (nobody, Refusal::ProviderUnknown),
            (nowhere, Refusal::PlaceClosed),
        ];
        for (command, refusal) in table {
            assert_eq!(decide(&Service::Unknown, &command), Err(refusal));
        }
    }

    #[test]
    fn the_same_offer_again_changes_nothing() {
        assert_eq!(decide(&examples::offered(), &examples::offer()), Ok(vec![]));
    }
}
