//! Vouchers: paid before, used later.

mod allocate;
mod check;
mod hand_over;
mod issue_code;
mod prepay;
mod redeem;
mod refund;
mod rehome;
mod return_to_board;
mod reverse_redemption;
mod revoke_code;
mod void;

use domain::voucher::code::{Code, NotACode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::routes;

use crate::routes::Routes;

pub(crate) fn routes() -> Routes {
    Routes::new()
        .routes(routes!(prepay::prepay))
        .routes(routes!(redeem::redeem))
        .routes(routes!(check::check))
        .routes(routes!(issue_code::issue_code))
        .routes(routes!(revoke_code::revoke_code))
        .routes(routes!(hand_over::hand_over))
        .routes(routes!(allocate::allocate))
        .routes(routes!(return_to_board::return_to_board))
        .routes(routes!(reverse_redemption::reverse_redemption))
        .routes(routes!(refund::refund))
        .routes(routes!(rehome::rehome))
        .routes(routes!(void::void))
}

/// A voucher code as people type it. It is a secret, so it stands in bodies and never in paths.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, example = "7K3M-9QXD-42WF-H")]
pub struct TypedCode(pub Code);

impl TryFrom<String> for TypedCode {
    type Error = NotACode;

    fn try_from(typed: String) -> Result<Self, NotACode> {
        typed.parse().map(Self)
    }
}
