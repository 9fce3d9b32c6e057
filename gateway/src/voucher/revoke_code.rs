//! A code is revoked: it was lost, misprinted, stolen, or came back.

use commands::voucher::revoke_code::RevokeCode;
use domain::ids::VoucherId;
use domain::voucher::revoke_code::{Refusal, RevokeReason};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Which code, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = RevokeCode)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The number of the issue; absent = the code that is valid.
    issue_no: Option<u32>,
    /// Why.
    reason: RevokeReason,
}

/// Revoke a code.
#[utoipa::path(post, path = "/vouchers/{voucher_id}/revoke-code", tag = "voucher", request_body = Body,
    responses(Done<RevokeCode>, Refuses<Refusal>))]
pub(crate) async fn revoke_code(
    At(voucher_id): At<VoucherId>,
    call: Call<Body>,
) -> Reply<Done<RevokeCode>> {
    call.act(|body| RevokeCode {
        voucher_id,
        issue_no: body.issue_no,
        reason: body.reason,
    })
    .await
}
