//! An operator gives vouchers from a board to an organisation that hands them out.

use chrono::{DateTime, Utc};
use commands::voucher::allocate::{self, Allocate};
use commands::voucher::redeem;
use domain::ids::{ItemId, OrganisationId, VenueId};
use domain::voucher::allocate as decided;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Done, Refuses, Reply};

/// Whose, which and how many.
#[derive(Deserialize, ToSchema)]
#[schema(as = AllocateVouchers)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The organisation.
    organisation_id: OrganisationId,
    /// The venue on whose board they are.
    venue_id: VenueId,
    /// The item.
    item_id: ItemId,
    /// How many, 1 to 500.
    count: u32,
    /// The instant from which they should be back if no code was issued.
    return_by: Option<DateTime<Utc>>,
}

/// Allocate vouchers from a board, oldest first, all or none.
#[utoipa::path(post, path = "/vouchers/allocate", tag = "voucher", request_body = Body,
    responses(Done<Allocate>, Refuses<allocate::Refusal, redeem::Refusal, decided::Refusal>))]
pub(crate) async fn allocate(call: Call<Body>) -> Reply<Done<Allocate>> {
    call.act(|body| Allocate {
        organisation_id: body.organisation_id,
        venue_id: body.venue_id,
        item_id: body.item_id,
        count: body.count,
        return_by: body.return_by,
    })
    .await
}
