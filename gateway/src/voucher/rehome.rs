//! A voucher gets another venue, because its own has left or is suspended.

use commands::voucher::rehome::Rehome;
use domain::ids::VoucherId;
use domain::ids::{ItemId, VenueId};
use domain::voucher::rehome::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// From where to where.
#[derive(Deserialize, ToSchema)]
#[schema(as = RehomeVoucher)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The venue that it loses.
    from_venue: VenueId,
    /// The venue that it gets; absent = the venue is dropped from the voucher's list of venues.
    to: Option<To>,
}

/// Give a voucher another venue.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/rehome", tag = "voucher", request_body = Body,
    responses(Done<Rehome>, Refuses<Refusal>))]
pub(crate) async fn rehome(At(voucher_id): At<VoucherId>, call: Call<Body>) -> Reply<Done<Rehome>> {
    call.act(|body| Rehome {
        voucher_id,
        from_venue: body.from_venue,
        to: body.to.map(|to| (to.venue_id, to.item_id)),
    })
    .await
}

/// The venue that a voucher gets.
#[derive(Deserialize, ToSchema)]
#[schema(as = RehomeVoucherTo)]
#[serde(deny_unknown_fields)]
pub struct To {
    /// The venue.
    venue_id: VenueId,
    /// The item that takes the place of the old one; absent for a credit.
    item_id: Option<ItemId>,
}
