//! A use is taken back: by the venue within 15 minutes, by an operator until it is settled.

use commands::voucher::reverse_redemption::ReverseRedemption;
use domain::ids::RedemptionId;
use domain::ids::VoucherId;
use domain::voucher::reverse_redemption::{Refusal, ReversalReason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Which use, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = ReverseRedemption)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The use.
    redemption_id: RedemptionId,
    /// Why.
    reason: ReversalReason,
}

/// Take a use back.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/reverse-redemption", tag = "voucher", request_body = Body,
    responses(Done<ReverseRedemption>, Refuses<Refusal>))]
pub(crate) async fn reverse_redemption(
    At(voucher_id): At<VoucherId>,
    call: Call<Body>,
) -> Reply<Done<ReverseRedemption>> {
    call.act(|body| ReverseRedemption {
        voucher_id,
        redemption_id: body.redemption_id,
        reason: body.reason,
    })
    .await
}
