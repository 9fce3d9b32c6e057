//! Whose a service is: the venue's or the organisation's that provides it.

use std::sync::Arc;

use domain::access::Scope;
use domain::ids::ServiceId;
use domain::service::{Provider, Service};

use crate::executor::Failure;
use crate::principal::{Denied, May, Principal};
use crate::work::Work;

/// The service, for the operator and for whoever provides it.
pub(super) async fn provided(
    work: &mut Work,
    service_id: ServiceId,
) -> Result<Arc<Service>, Failure> {
    let service = work.get::<Service>(service_id).await?;
    let standing = service.standing().ok_or(Failure::NotFound)?;
    check(work.who(), standing.offered.provider)?;
    Ok(service)
}

/// The operator, or whoever provides it; the others learn nothing.
pub(super) fn check(who: &Principal, provider: Provider) -> Result<(), Denied> {
    match (provider, &who.may) {
        (Provider::Venue { .. }, May::Scope(Scope::Organisation { .. }))
        | (Provider::Organisation { .. }, May::Scope(Scope::Venue { .. })) => Err(Denied::Foreign),
        (Provider::Venue { venue_id }, _) => who.venue(venue_id),
        (Provider::Organisation { organisation_id }, _) => who.organisation(organisation_id),
    }
}

/// Operators, venue staff and workers of organisations; whose it is is seen on the service.
pub(super) fn providers_only(who: &Principal) -> Result<(), Denied> {
    match &who.may {
        May::Scope(Scope::Venue { .. } | Scope::Organisation { .. }) => Ok(()),
        _ => who.operator(),
    }
}
