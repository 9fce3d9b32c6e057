//! A venue lists an item that vouchers can be prepaid for.

use commands::venue::list_item::ListItem;
use domain::ids::VenueId;
use domain::money::Minor;
use domain::text::Name;
use domain::venue::ItemKind;
use domain::venue::list_item::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Created, Refuses, Reply};

/// The item.
#[derive(Deserialize, ToSchema)]
#[schema(as = ListItem)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its kind.
    kind: ItemKind,
    /// Its name.
    name: Name,
    /// Its price, in minor units of the network's currency.
    price_minor: Minor,
    /// The most that the venue hands out in a day.
    daily_limit: Option<u32>,
}

/// List an item at a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/list-item", tag = "venue", request_body = Body,
    responses(Created<ListItem>, Refuses<Refusal>))]
pub(crate) async fn list_item(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Created<ListItem>> {
    call.create(|body| ListItem {
        venue_id,
        kind: body.kind,
        name: body.name,
        price_minor: body.price_minor,
        daily_limit: body.daily_limit,
    })
    .await
}
