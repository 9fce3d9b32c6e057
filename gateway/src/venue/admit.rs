//! An operator admits a house to the network.

use commands::venue::admit::Admit;
use domain::ids::PlaceId;
use domain::text::Name;
use domain::venue::admit::{Refusal, VenueKind};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What house it is, and where.
#[derive(Deserialize, ToSchema)]
#[schema(as = AdmitVenue)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its public name.
    name: Name,
    /// What house it is.
    kind: VenueKind,
    /// Where it is.
    place_id: PlaceId,
}

/// Admit a venue.
#[utoipa::path(post, path = "/venues", tag = "venue", request_body = Body,
    responses(Created<Admit>, Refuses<Refusal>))]
pub(crate) async fn admit(call: Call<Body>) -> Reply<Created<Admit>> {
    call.create(|body| Admit {
        name: body.name,
        kind: body.kind,
        place_id: body.place_id,
    })
    .await
}
