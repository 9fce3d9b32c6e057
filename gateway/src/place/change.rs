//! An operator corrects what is said of a place.

use commands::place::change::Change;
use domain::geography::{Latitude, Longitude};
use domain::ids::PlaceId;
use domain::place::change::Refusal;
use domain::place::{Description, PlaceKind, Wheelchair};
use domain::text::{Label, Name};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// What and where it is, as a whole.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangePlace)]
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

/// Say anew what a place is.
#[utoipa::path(post, path = "/places/{place_id}/change", tag = "place", request_body = Body,
    responses(Done<Change>, Refuses<Refusal>))]
pub(crate) async fn change(At(place_id): At<PlaceId>, call: Call<Body>) -> Reply<Done<Change>> {
    call.act(|body| Change {
        place_id,
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
