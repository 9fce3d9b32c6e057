//! A venue changes the price of an item. What was prepaid keeps its promise.

use commands::venue::reprice_item::RepriceItem;
use domain::ids::ItemId;
use domain::ids::VenueId;
use domain::money::Minor;
use domain::venue::reprice_item::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Which item, and its price.
#[derive(Deserialize, ToSchema)]
#[schema(as = RepriceItem)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The item.
    item_id: ItemId,
    /// Its price from now on, in minor units of the network's currency.
    price_minor: Minor,
}

/// Change the price of an item.
#[utoipa::path(post, path = "/venues/{venue_id}/reprice-item", tag = "venue", request_body = Body,
    responses(Done<RepriceItem>, Refuses<Refusal>))]
pub(crate) async fn reprice_item(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<RepriceItem>> {
    call.act(|body| RepriceItem {
        venue_id,
        item_id: body.item_id,
        price_minor: body.price_minor,
    })
    .await
}
