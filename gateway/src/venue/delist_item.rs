//! A venue takes an item off its list. What was prepaid keeps its promise.

use commands::venue::delist_item::DelistItem;
use domain::ids::ItemId;
use domain::ids::VenueId;
use domain::venue::delist_item::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Which item.
#[derive(Deserialize, ToSchema)]
#[schema(as = DelistItem)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The item.
    item_id: ItemId,
}

/// Take an item off the list of a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/delist-item", tag = "venue", request_body = Body,
    responses(Done<DelistItem>, Refuses<Refusal>))]
pub(crate) async fn delist_item(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<DelistItem>> {
    call.act(|body| DelistItem {
        venue_id,
        item_id: body.item_id,
    })
    .await
}
