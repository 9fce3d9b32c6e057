//! Where one can go now, what is free there and what waits on the board.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::geography::{Latitude, Longitude};
use domain::service::ServiceKind;
use domain::text::Label;
use domain::venue::ItemKind;
use projections::geography::{Point, millionths};
use projections::replay::AsOf;
use projections::venue_availability::VenueAvailability;
use projections::venue_availability::query::{
    self, Filter, MAX_HOSTS, MAX_RADIUS_M, Near, VenueAvailabilityAnswer,
};
use serde::Deserialize;
use utoipa::IntoParams;

use super::past::{MayLookBack, then};
use super::{Asked, InNetwork, Viewed, Waiting, bad_query};
use crate::act::Reply;
use crate::problem::Problem;

/// The radius that is meant where none is named, in metres.
const USUAL_RADIUS_M: u32 = 2_000;
/// The longest text that is looked for, in characters.
const LONGEST_TEXT: usize = 80;

/// Which hosts.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Only where such a service is offered and not paused.
    #[param(inline)]
    service_kind: Option<ServiceKind>,
    /// Only where such an item is sold or waits on the board.
    #[param(inline)]
    item_kind: Option<ItemKind>,
    /// Only where a voucher waits, of `item_kind` if it is given.
    on_board: Option<bool>,
    /// The official code of a district.
    #[param(value_type = Option<String>)]
    district_code: Option<Label>,
    /// Only what is known to be open then; the time now for "open now".
    open_at: Option<DateTime<Utc>>,
    /// The centre of a circle, degrees north; the nearest come first.
    #[param(value_type = Option<f64>)]
    latitude: Option<Latitude>,
    /// The centre of a circle, degrees east.
    #[param(value_type = Option<f64>)]
    longitude: Option<Longitude>,
    /// The circle's radius in metres, 1 to 50,000; 2,000 unless it is given.
    radius_m: Option<u32>,
    /// A part of a name or an address, at most 80 characters; accents do not matter.
    text: Option<String>,
    /// How many at most, 1 to 50.
    limit: Option<u32>,
    /// As it stood: after this position, or at this instant as in 2026-11-20T08:15:00Z. Needs a
    /// token. `503 still_folding` says that it is being folded from the log: ask again.
    #[param(value_type = Option<String>)]
    as_of: Option<AsOf>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// Where one can go now. Public. What nobody confirmed for too long is `unknown`.
#[utoipa::path(get, path = "/venue-availability", tag = "read", params(Params, Waiting),
    security(()),
    responses((status = 200, description = "Venues, and places of organisations.",
            body = VenueAvailabilityAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn venue_availability(
    network: InNetwork,
    _: MayLookBack,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    let filter = filter(&network, &asked.params)?;
    let then = then(
        &network.app,
        VenueAvailability,
        asked.params.as_of,
        asked.seen,
    )
    .await?;
    let answer = query::venue_availability(&*then.store, &filter, then.seen, then.now).await?;
    Viewed::of_then(&asked, &answer, &answer.view, &then)
}

fn filter(network: &InNetwork, params: &Params) -> Result<Filter, Problem> {
    let text = params.text.clone().filter(|text| !text.trim().is_empty());
    if text
        .as_ref()
        .is_some_and(|text| text.chars().count() > LONGEST_TEXT)
    {
        return Err(bad_query("text has at most 80 characters"));
    }
    Ok(Filter {
        network: network.network.clone(),
        service_kind: params.service_kind,
        item_kind: params.item_kind,
        on_board: params.on_board.unwrap_or_default(),
        district_code: params.district_code.clone(),
        open_at: params.open_at,
        near: near(params)?,
        text,
        limit: params.limit.unwrap_or(MAX_HOSTS),
        cursor: params.cursor.clone(),
    })
}

fn near(params: &Params) -> Result<Option<Near>, Problem> {
    let (latitude, longitude) = match (params.latitude, params.longitude, params.radius_m) {
        (None, None, None) => return Ok(None),
        (Some(latitude), Some(longitude), _) => (latitude, longitude),
        _ => return Err(bad_query("a circle has a latitude and a longitude")),
    };
    let radius_m = params.radius_m.unwrap_or(USUAL_RADIUS_M);
    if !(1..=MAX_RADIUS_M).contains(&radius_m) {
        let detail = format!("radius_m is 1 to {MAX_RADIUS_M}");
        return Err(Problem::new(StatusCode::BAD_REQUEST, "bad_query", detail));
    }
    let point = Point {
        latitude: millionths(latitude.degrees()),
        longitude: millionths(longitude.degrees()),
    };
    Ok(Some(Near { point, radius_m }))
}
