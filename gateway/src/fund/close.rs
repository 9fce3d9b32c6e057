//! An operator closes a fund: it carries no new vouchers.

use commands::fund::close::Close;
use domain::fund::close::Refusal;
use domain::ids::FundId;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Close a fund.
#[utoipa::path(post, path = "/funds/{fund_id}/close", tag = "fund", request_body = Nothing,
    responses(Done<Close>, Refuses<Refusal>))]
pub(crate) async fn close(At(fund_id): At<FundId>, call: Call<Nothing>) -> Reply<Done<Close>> {
    call.act(|Nothing {}| Close { fund_id }).await
}
