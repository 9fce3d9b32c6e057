//! A venue gives something itself, without a voucher: nobody owes it anything for that.

use commands::venue::give_item::GiveItem;
use domain::ids::ItemId;
use domain::ids::VenueId;
use domain::venue::give_item::{GiftReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// What was given, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = GiveItem)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What; absent only where a use came too late and nobody wrote down what it was for.
    item_id: Option<ItemId>,
    /// How many; absent = one.
    #[serde(default = "one")]
    units: u32,
    /// Why.
    reason: GiftReason,
}

/// Record a gift of the venue itself.
#[utoipa::path(post, path = "/venues/{venue_id}/give-item", tag = "venue", request_body = Body,
    responses(Done<GiveItem>, Refuses<Refusal>))]
pub(crate) async fn give_item(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<GiveItem>> {
    call.act(|body| GiveItem {
        venue_id,
        item_id: body.item_id,
        units: body.units,
        reason: body.reason,
    })
    .await
}

fn one() -> u32 {
    1
}
