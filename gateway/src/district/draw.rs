//! An operator draws a district on the map, or draws it anew.

use commands::district::draw::Draw;
use domain::district::draw::Refusal;
use domain::geography::Boundary;
use domain::text::{Label, Name};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// The district.
#[derive(Deserialize, ToSchema)]
#[schema(as = DrawDistrict)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its official code.
    code: Label,
    /// Its public name.
    name: Name,
    /// How many people live there.
    population: u32,
    /// Its boundary.
    boundary: Boundary,
}

/// Draw a district.
#[utoipa::path(post, path = "/districts", tag = "district", request_body = Body,
    responses(Created<Draw>, Refuses<Refusal>))]
pub(crate) async fn draw(call: Call<Body>) -> Reply<Created<Draw>> {
    call.create(|body| Draw {
        code: body.code,
        name: body.name,
        population: body.population,
        boundary: body.boundary,
    })
    .await
}
