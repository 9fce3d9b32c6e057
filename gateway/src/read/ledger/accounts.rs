//! The ledger's accounts.

use projections::ledger::query::{self, AccountsAnswer};

use super::{Params, part};
use crate::act::Reply;
use crate::auth::Caller;
use crate::read::{Asked, Viewed, Waiting};

/// What lies in tills and accounts, what funds have, and what is owed to whom.
#[utoipa::path(get, path = "/ledger/accounts", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "The accounts.", body = AccountsAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn accounts(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    let part = part(&caller, asked.params.limit, asked.params.cursor.clone())?;
    let app = &caller.app;
    let answer = query::accounts(&*app.views, &part, asked.seen).await?;
    Viewed::private(&asked, &answer, &answer.view, app.desk.clock().now())
}
