//! What became of what a donor gave.

use chrono::{DateTime, Datelike as _, NaiveTime, Utc};
use commands::principal::{Denied, Principal};
use domain::donor::Donor;
use domain::envelope::Role;
use domain::ids::DonorId;
use projections::donor_impact::DonorImpact;
use projections::donor_impact::query::{self, DonorImpactAnswer, Filter, MAX_VOUCHERS};
use projections::replay::AsOf;
use serde::Deserialize;
use utoipa::IntoParams;

use super::past::then;
use super::{Asked, Viewed, Waiting, bad_query};
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
    /// As it stood: after this position, or at this instant as in 2026-11-20T08:15:00Z. Needs a
    /// token. `503 still_folding` says that it is being folded from the log: ask again.
    #[param(value_type = Option<String>)]
    as_of: Option<AsOf>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// What became of a donor's vouchers, for the donor's own link, the operator and an auditor of the
/// whole network. Nobody is tracked: of what was used by code only the month is told, and the
/// venue once at least five codes of that sheet or prepayment were used; and with `as_of` the
/// donor's link reads the state at the beginning of that month.
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
    let network = &caller.principal.network;
    let donor = caller.app.desk.read::<Donor>(network, donor_id).await?;
    donor.ok_or_else(Problem::not_found)?;
    let params = &asked.params;
    let filter = Filter {
        network: caller.principal.network.clone(),
        donor_id,
        limit: params.limit.unwrap_or(MAX_VOUCHERS),
        cursor: params.cursor.clone(),
    };
    let as_of = moment(&caller.principal, params.as_of)?;
    let then = then(&caller.app, DonorImpact, as_of, asked.seen).await?;
    let answer = query::donor_impact(&*then.store, &filter, then.seen, then.now).await?;
    Viewed::private(&asked, &answer, &answer.view, then.now)
}

/// A donor looks back to the beginnings of months only: what differs between two moments must not
/// tell when somebody used a code.
fn moment(who: &Principal, as_of: Option<AsOf>) -> Result<Option<AsOf>, Problem> {
    match (who.role(), as_of) {
        (Role::Donor, Some(AsOf::Position(_))) => Err(bad_query(
            "a donor looks back to the beginning of a month: give an instant",
        )),
        (Role::Donor, Some(AsOf::Time(time))) => Ok(Some(AsOf::Time(month_of(time)))),
        (_, as_of) => Ok(as_of),
    }
}

/// The instant at which its month began, in UTC.
fn month_of(time: DateTime<Utc>) -> DateTime<Utc> {
    let first = time.date_naive().with_day(1);
    first.map_or(time, |first| first.and_time(NaiveTime::MIN).and_utc())
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
