//! Whether the ledger adds up.

use commands::executor::Failure;
use commands::principal::Denied;
use projections::ledger::reconcile::{Reconciliation, reconcile};
use serde::Deserialize;
use utoipa::IntoParams;

use super::part;
use crate::act::Reply;
use crate::auth::Caller;
use crate::read::{Asked, Viewed, Waiting};

/// It takes no parameters of its own.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {}

/// Every equation of the ledger, checked now on one state of it. Not for an auditor of one fund,
/// because the equations are about the whole network.
#[utoipa::path(get, path = "/ledger/reconciliation", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "Each equation.", body = Reconciliation),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn reconciliation(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let part = part(&caller, None, None)?;
    if part.fund_id.is_some() {
        return Err(Failure::Denied(Denied::Foreign).into());
    }
    let app = &caller.app;
    let answer = reconcile(&*app.views, &part.network, asked.seen).await?;
    Viewed::private(&asked, &answer, &answer.view, app.desk.clock().now())
}
