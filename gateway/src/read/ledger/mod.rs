//! The ledger, for the operator and for auditors: totals, accounts, postings, and whether they add
//! up. An auditor of one fund sees that fund only.

pub(super) mod accounts;
pub(super) mod postings;
pub(super) mod reconciliation;
pub(super) mod totals;

use commands::executor::Failure;
use domain::envelope::Role;
use projections::ledger::query::{MAX_ROWS, Part};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::auth::Caller;
use crate::problem::Problem;

/// Which part of a list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How many rows at most, 1 to 500.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// The part that the caller may see of what it asks for.
fn part(caller: &Caller, limit: Option<u32>, cursor: Option<String>) -> Result<Part, Problem> {
    let who = &caller.principal;
    who.any_of(&[Role::Auditor]).map_err(Failure::Denied)?;
    Ok(Part {
        network: who.network.clone(),
        fund_id: who.fund_id().map(|fund| fund.0),
        limit: limit.unwrap_or(MAX_ROWS),
        cursor,
    })
}
