//! The receipt of a voucher, which anybody checks without asking us, and the openings of what it
//! hides.

use commands::evidence::receipts::{NoReceipt, Receipts, Told};
use commands::principal::{Denied, Principal};
use domain::envelope::Role;
use domain::evidence::opening::Opening;
use domain::evidence::receipt::Receipt;
use domain::ids::{DonorId, VoucherId};
use projections::donor_impact::receipt::{ReceiptAct, ReceiptLife, receipt as life};
use serde::Deserialize;
use utoipa::IntoParams;

use super::donor_impact::may_read;
use super::{Asked, Viewed, WAIT, Waiting};
use crate::act::{AtBoth, Reply};
use crate::app::App;
use crate::auth::Caller;
use crate::problem::Problem;

/// Nothing beside the position.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {}

/// The receipt of a donor's voucher (`sospeso-receipt/1`), for the donor's own link, the operator
/// and an auditor: the events of its life with proofs that they are in the ledger, to be checked
/// offline with `sospeso verify receipt` or on the page `/verify`. Of what a donor's page says no
/// day, the act, the month and a commitment stand there; a use from the board is shown from the
/// day after.
#[utoipa::path(get, path = "/donors/{donor_id}/vouchers/{voucher_id}/receipt", tag = "read",
    params(Params, Waiting),
    responses((status = 200, description = "The receipt. Keep it: it holds for ever.",
            body = Receipt),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn receipt(
    caller: Caller,
    AtBoth(donor_id, voucher_id): AtBoth<DonorId, VoucherId>,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    may_read(&caller.principal, donor_id)?;
    let app = &*caller.app;
    let life = of(&caller, voucher_id, Some(donor_id), &asked).await?;
    let receipt = written(app, &caller.principal, voucher_id, &life).await?;
    Viewed::private(&asked, &receipt, &life.view, app.desk.clock().now())
}

/// What opens the commitment to one event of a receipt (`sospeso-opening/1`), for an auditor of
/// the whole network: `sospeso verify receipt FILE --opening FILE` checks it. The event is named
/// by its number in the receipt, from 1. It is not for the donor.
#[utoipa::path(get, path = "/vouchers/{voucher_id}/openings/{number}", tag = "read",
    params(Params, Waiting),
    responses((status = 200, description = "The opening.", body = Opening),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn opening(
    caller: Caller,
    AtBoth(voucher_id, number): AtBoth<VoucherId, String>,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    may_open(&caller.principal)?;
    let app = &*caller.app;
    let life = of(&caller, voucher_id, None, &asked).await?;
    let place = number.parse::<usize>().ok();
    let place = place.and_then(|number| number.checked_sub(1));
    let act = place.and_then(|place| life.acts.get(place));
    let position = act.ok_or_else(Problem::not_found)?.position;
    let last = app.evidence.cosigned(WAIT).await?;
    let (log, seals) = (&**app.desk.log(), &*app.evidence.seals);
    let receipts = Receipts::at(log, seals, app.desk.codes(), &last)?;
    let opening = receipts.opening(position).await?;
    Viewed::private(&asked, &opening, &life.view, app.desk.clock().now())
}

/// The receipt of a life.
pub(crate) async fn written(
    app: &App,
    who: &Principal,
    voucher_id: VoucherId,
    life: &ReceiptLife,
) -> Result<Receipt, NoReceipt> {
    let told = |act: &ReceiptAct| Told {
        position: act.position,
        shown: act.shown,
        month: act.month.clone(),
    };
    let told: Vec<Told> = life.acts.iter().map(told).collect();
    let last = app.evidence.cosigned(WAIT).await?;
    let (log, seals) = (&**app.desk.log(), &*app.evidence.seals);
    let receipts = Receipts::at(log, seals, app.desk.codes(), &last)?;
    receipts.receipt(&who.network, voucher_id, &told).await
}

async fn of(
    caller: &Caller,
    voucher_id: VoucherId,
    donor_id: Option<DonorId>,
    asked: &Asked<Params>,
) -> Result<ReceiptLife, Problem> {
    let (app, network) = (&caller.app, &caller.principal.network);
    let now = app.desk.clock().now();
    let found = life(
        &*app.views,
        (network, voucher_id),
        donor_id,
        asked.seen,
        now,
    )
    .await?;
    found.ok_or_else(Problem::not_found)
}

/// Whoever audits the whole network.
pub(crate) fn may_open(who: &Principal) -> Result<(), Problem> {
    let may = match who.role() {
        Role::Auditor if who.fund_id().is_none() => Ok(()),
        Role::Auditor => Err(Denied::Foreign),
        _ => Err(Denied::Role),
    };
    may.map_err(|denied| commands::executor::Failure::Denied(denied).into())
}

impl From<NoReceipt> for Problem {
    fn from(error: NoReceipt) -> Self {
        match error {
            NoReceipt::NotSealed => Self::come_again("not_sealed", error.to_string()),
            NoReceipt::Log(error) => commands::executor::Failure::Log(error).into(),
        }
    }
}
