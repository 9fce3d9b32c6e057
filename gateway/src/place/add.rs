//! An operator adds a place.

use commands::place::add::Add;
use domain::geography::{Latitude, Longitude};
use domain::place::add::Refusal;
use domain::place::{Description, PlaceKind, Wheelchair};
use domain::text::{Label, Name};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What and where it is, as a whole.
#[derive(Deserialize, ToSchema)]
#[schema(as = AddPlace)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What it is.
    kind: PlaceKind,
    /// Its public name.
    name: Name,
    /// Its address in one line.
    address: Name,
    /// The official code of its district.
    district_code: Label,
    /// Degrees north, WGS 84.
    latitude: Latitude,
    /// Degrees east, WGS 84.
    longitude: Longitude,
    /// Whether one gets in with a wheelchair.
    wheelchair: Wheelchair,
}

/// Add a place.
#[utoipa::path(post, path = "/places", tag = "place", request_body = Body,
    responses(Created<Add>, Refuses<Refusal>))]
pub(crate) async fn add(call: Call<Body>) -> Reply<Created<Add>> {
    call.create(|body| Add {
        description: Description {
            kind: body.kind,
            name: body.name,
            address: body.address,
            district_code: body.district_code,
            latitude: body.latitude,
            longitude: body.longitude,
            wheelchair: body.wheelchair,
        },
    })
    .await
}
