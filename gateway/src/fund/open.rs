//! An operator opens a fund.

use chrono::NaiveDate;
use commands::fund::open::Open;
use domain::fund::open::{FundKind, Refusal};
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// The fund.
#[derive(Deserialize, ToSchema)]
#[schema(as = OpenFund)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What fund it is.
    kind: FundKind,
    /// Its public name.
    name: Name,
    /// Who gives the money.
    funder: Option<Name>,
    /// What it is for.
    purpose: Option<Name>,
    /// The first day on which its money may be used.
    from: Option<NaiveDate>,
    /// The last day on which its money may be used.
    to: Option<NaiveDate>,
}

/// Open a fund.
#[utoipa::path(post, path = "/funds", tag = "fund", request_body = Body,
    responses(Created<Open>, Refuses<Refusal>))]
pub(crate) async fn open(call: Call<Body>) -> Reply<Created<Open>> {
    call.create(|body| Open {
        kind: body.kind,
        name: body.name,
        funder: body.funder,
        purpose: body.purpose,
        from: body.from,
        to: body.to,
    })
    .await
}
