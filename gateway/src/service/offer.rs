//! A venue or an organisation offers something free.

use commands::service::offer::Offer;
use domain::hours::Hours;
use domain::ids::PlaceId;
use domain::service::offer::Refusal;
use domain::service::{Details, Provider, ServiceKind};
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What is offered, by whom and where.
#[derive(Deserialize, ToSchema)]
#[schema(as = OfferService)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Who provides it.
    provider: Provider,
    /// Where.
    place_id: PlaceId,
    /// What.
    kind: ServiceKind,
    /// Its public name, where its kind does not say enough.
    name: Option<Name>,
    /// When it is there; absent = whenever its venue is open.
    hours: Option<Hours>,
    /// For how many people it has room at a time; absent = nobody counts.
    capacity: Option<u32>,
}

/// Offer a service.
#[utoipa::path(post, path = "/services", tag = "service", request_body = Body,
    responses(Created<Offer>, Refuses<Refusal>))]
pub(crate) async fn offer(call: Call<Body>) -> Reply<Created<Offer>> {
    call.create(|body| Offer {
        provider: body.provider,
        place_id: body.place_id,
        kind: body.kind,
        details: Details {
            name: body.name,
            hours: body.hours,
            capacity: body.capacity,
        },
    })
    .await
}
