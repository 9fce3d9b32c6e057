//! Which acts there were, newest first.

use chrono::{DateTime, Utc};
use projections::event_index::query::{self, EventsAnswer, Filter, MAX_EVENTS};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::may_read;
use crate::act::Reply;
use crate::auth::Caller;
use crate::read::{Asked, Viewed, Waiting};

/// Which events.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Only of this stream: the aggregate's id.
    stream: Option<Uuid>,
    /// Only by this actor: an access, or the name of a reaction.
    actor: Option<String>,
    /// Only of this type, e.g. `voucher.redeemed`.
    act: Option<String>,
    /// Only what belongs together across commands.
    correlation: Option<String>,
    /// Only what was recorded from then on.
    from: Option<DateTime<Utc>>,
    /// Only what was recorded before.
    until: Option<DateTime<Utc>>,
    /// How many at most, 1 to 100.
    limit: Option<u32>,
    /// `next_cursor` of the answer before.
    cursor: Option<String>,
}

/// Which acts there were, newest first, for the operator and for auditors; an auditor of one fund
/// reads what concerns that fund.
#[utoipa::path(get, path = "/events", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "Events without their payloads.", body = EventsAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn events(caller: Caller, asked: Asked<Params>) -> Reply<Viewed> {
    may_read(&caller.principal)?;
    let params = &asked.params;
    let filter = Filter {
        network: caller.principal.network.clone(),
        fund_id: caller.principal.fund_id(),
        stream: params.stream,
        actor: params.actor.clone(),
        act: params.act.clone(),
        correlation: params.correlation.clone(),
        from: params.from,
        until: params.until,
        limit: params.limit.unwrap_or(MAX_EVENTS),
        cursor: params.cursor.clone(),
    };
    let answer = query::events(&*caller.app.views, &filter, asked.seen).await?;
    Viewed::private(&asked, &answer, &answer.view, caller.app.desk.clock().now())
}
