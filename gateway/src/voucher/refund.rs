//! What is left of a voucher is given back.

use commands::voucher::refund::Refund;
use domain::ids::VoucherId;
use domain::voucher::refund::{RefundReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// To whom, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = RefundVoucher)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Whether the donor wants the money; otherwise the fund keeps it.
    #[serde(default)]
    to_donor: bool,
    /// Why; donors can only wish.
    reason: RefundReason,
}

/// Refund a voucher.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/refund", tag = "voucher", request_body = Body,
    responses(Done<Refund>, Refuses<Refusal>))]
pub(crate) async fn refund(At(voucher_id): At<VoucherId>, call: Call<Body>) -> Reply<Done<Refund>> {
    call.act(|body| Refund {
        voucher_id,
        to_donor: body.to_donor,
        reason: body.reason,
    })
    .await
}
