//! The ledger's totals.

use projections::ledger::query::{self, Dimension, TotalsAnswer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::part;
use crate::act::Reply;
use crate::auth::Caller;
use crate::read::{Asked, Viewed, Waiting};

/// Which totals.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Of what: the network (unless it says else), each venue, each donor or each fund. An auditor
    /// of one fund gets that fund's.
    #[param(inline)]
    dimension: Option<Dimension>,
    /// How many rows at most, 1 to 500.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What came in and what became of it, per network, venue, donor or fund. At every position
/// `prepaid + rehomed_in = outstanding + redeemed + expired + refunded + voided + rehomed_out`.
#[utoipa::path(get, path = "/ledger", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "The totals.", body = TotalsAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn totals(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let params = &asked.params;
    let part = part(&caller, params.limit, params.cursor.clone())?;
    let dimension = match part.fund_id {
        Some(_) => Dimension::Fund,
        None => params.dimension.unwrap_or(Dimension::Network),
    };
    let app = &caller.app;
    let answer = query::totals(&*app.views, &part, dimension, asked.seen).await?;
    Viewed::private(&asked, &answer, &answer.view, app.desk.clock().now())
}
