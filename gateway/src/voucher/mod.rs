//! Vouchers: paid before, used later.

mod check;
mod prepay;
mod redeem;

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
