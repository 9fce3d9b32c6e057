//! Whoever holds a voucher gives it to somebody. Who that is, nobody writes down.

use commands::voucher::hand_over::{self, HandOver};
use domain::ids::VoucherId;
use domain::text::Label;
use domain::voucher::hand_over as decided;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Where.
#[derive(Deserialize, ToSchema)]
#[schema(as = HandOverVoucher)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The official code of the district where it was given.
    district: Option<Label>,
}

/// Note that a voucher was handed over.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/hand-over", tag = "voucher", request_body = Body,
    responses(Done<HandOver>, Refuses<hand_over::Refusal, decided::Refusal>))]
pub(crate) async fn hand_over(
    At(voucher_id): At<VoucherId>,
    call: Call<Body>,
) -> Reply<Done<HandOver>> {
    call.act(|body| HandOver {
        voucher_id,
        district: body.district,
    })
    .await
}
