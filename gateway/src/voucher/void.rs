//! An operator voids a voucher that should never have been.

use commands::voucher::void::Void;
use domain::ids::VoucherId;
use domain::voucher::void::{Refusal, VoidReason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Why.
#[derive(Deserialize, ToSchema)]
#[schema(as = VoidVoucher)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Why.
    reason: VoidReason,
}

/// Void a voucher.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/void", tag = "voucher", request_body = Body,
    responses(Done<Void>, Refuses<Refusal>))]
pub(crate) async fn void(At(voucher_id): At<VoucherId>, call: Call<Body>) -> Reply<Done<Void>> {
    call.act(|body| Void {
        voucher_id,
        reason: body.reason,
    })
    .await
}
