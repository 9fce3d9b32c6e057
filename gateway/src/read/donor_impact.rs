//! What became of what a donor gave.

use commands::principal::{Denied, Principal};
use domain::envelope::Role;
use domain::ids::DonorId;
use projections::donor_impact::query::{self, DonorImpactAnswer, Filter, MAX_VOUCHERS};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Asked, Viewed, Waiting};
use crate::act::{At, Reply};
use crate::auth::Caller;
use crate::problem::Problem;

/// Which part.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// How many vouchers at most, 1 to 100.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What became of a donor's vouchers, for the donor's own link, the operator and an auditor of the
/// whole network. Nobody is tracked: of what was used by code only the month is told, and the
/// venue once at least five codes of that sheet or prepayment were used.
#[utoipa::path(get, path = "/donors/{donor_id}/impact", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "Totals, and the life of each voucher.",
            body = DonorImpactAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn donor_impact(
    caller: Caller,
    At(donor_id): At<DonorId>,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    may_read(&caller.principal, donor_id)?;
    let params = &asked.params;
    let filter = Filter {
        network: caller.principal.network.clone(),
        donor_id,
        limit: params.limit.unwrap_or(MAX_VOUCHERS),
        cursor: params.cursor.clone(),
    };
    let app = &caller.app;
    let now = app.desk.clock().now();
    let answer = query::donor_impact(&*app.views, &filter, asked.seen, now).await?;
    Viewed::private(&asked, &answer, &answer.view, now)
}

/// The donor, the operator, and an auditor of the whole network.
pub(super) fn may_read(who: &Principal, donor_id: DonorId) -> Result<(), Problem> {
    let may = match who.role() {
        Role::Auditor if who.fund_id().is_none() => Ok(()),
        Role::Auditor => Err(Denied::Foreign),
        _ => who.donor(donor_id),
    };
    may.map_err(|denied| commands::executor::Failure::Denied(denied).into())
}
