//! Looks at the voucher of a code without spending it.

use axum::Json;
use commands::voucher::check::{self, Checked};
use commands::voucher::redeem;
use domain::ids::VenueId;
use domain::voucher;
use serde::Deserialize;
use utoipa::ToSchema;

use super::TypedCode;
use crate::act::body::Body as JsonBody;
use crate::act::{Refuses, Reply};
use crate::auth::Caller;
use crate::problem::Problem;

/// The code, and where it would be used.
#[derive(Deserialize, ToSchema)]
#[schema(as = CheckVoucher)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The venue at whose counter it is shown.
    venue_id: VenueId,
    /// The code, as it was typed or scanned.
    code: TypedCode,
}

/// Check a code without spending it. Whatever its use would be refused for, this is.
///
/// It is a POST because the code is a secret that must not stand in an address; it changes nothing
/// and needs no idempotency key. Wrong codes cost the same budget as in a redemption.
#[utoipa::path(post, path = "/vouchers/check", tag = "voucher", request_body = Body,
    responses(
        (status = 200, description = "It can be used.", body = Checked),
        (status = 429, description = "`too_many_guesses`: wait for `Retry-After`."),
        Refuses<redeem::Refusal, voucher::redeem::Refusal>,
    ))]
pub(crate) async fn check(caller: Caller, body: JsonBody<Body>) -> Reply<Json<Checked>> {
    let (app, who) = (&caller.app, &caller.principal);
    let Body { venue_id, code } = body.value;
    let checked = async {
        let checked = check::check(&app.desk, who, venue_id, code.0).await;
        checked.map_err(Problem::from)
    };
    app.guesses.spend(who, checked).await.map(Json)
}
