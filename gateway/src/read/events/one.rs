//! One event with its exact texts, and what hangs together with it.

use commands::log::LogError;
use commands::principal::Principal;
use domain::entry;
use domain::envelope::{Metadata, Recorded, instant};
use domain::ids::FundId;
use domain::text::Slug;
use projections::answer::{Seen, View};
use projections::event_index::query::{self, EventLine};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::may_read;
use crate::act::{At, Reply};
use crate::app::App;
use crate::auth::Caller;
use crate::problem::Problem;
use crate::read::{Asked, Viewed, Waiting};

/// It takes no parameters of its own.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Params {}

/// One event, exactly as it stands in the log, and what hangs together with it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EventAnswer {
    /// How far the index has come.
    pub view: View,
    /// The log.
    pub log_id: Uuid,
    /// Where in the log.
    pub position: i64,
    /// Its id.
    pub event_id: Uuid,
    /// The network's slug.
    pub network: String,
    /// The aggregate.
    pub aggregate_type: String,
    /// Its id.
    pub aggregate_id: Uuid,
    /// The number in its stream.
    pub sequence: i64,
    /// `aggregate.act`.
    pub event_type: String,
    /// The version of its payload.
    pub event_version: String,
    /// When it happened, as in the entry.
    pub occurred_at: String,
    /// When it was recorded, as in the entry.
    pub recorded_at: String,
    /// The payload exactly as it is stored; sealed parts are sealed.
    pub payload: String,
    /// The metadata exactly as they are stored.
    pub metadata: String,
    /// The bytes that are hashed, hexadecimal.
    pub entry: String,
    /// SHA-256 of a zero byte and the entry, hexadecimal.
    pub leaf_hash: String,
    /// The event that caused it.
    pub cause: Option<EventLine>,
    /// The event that it corrects.
    pub corrects: Option<EventLine>,
    /// Up to 100 events that it caused, oldest first.
    pub effects: Vec<EventLine>,
    /// Up to 100 events that correct it, oldest first.
    pub corrected_by: Vec<EventLine>,
}

/// One event exactly as it stands in the log, with its cause, its effects and its corrections; for
/// the operator and for auditors.
#[utoipa::path(get, path = "/events/{event_id}", tag = "read", params(Params, Waiting),
    responses((status = 200, description = "The event.", body = EventAnswer),
        (status = 304, description = "It is as it was.")))]
pub(crate) async fn event(
    caller: Caller,
    At(event_id): At<Uuid>,
    asked: Asked<Params>,
) -> Reply<Viewed> {
    let answer = answer(&caller.app, &caller.principal, event_id, asked.seen).await?;
    Viewed::private(&asked, &answer, &answer.view, caller.app.desk.clock().now())
}

/// The event, if the caller may read it; also for its page.
pub(crate) async fn answer(
    app: &App,
    who: &Principal,
    event_id: Uuid,
    seen: Seen,
) -> Result<EventAnswer, Problem> {
    may_read(who)?;
    let (network, fund) = (&who.network, who.fund_id());
    let related = query::event(&*app.views, network, fund, event_id, seen).await?;
    let related = related.ok_or_else(Problem::not_found)?;
    let recorded = recorded(app, related.event.position).await?;
    let record = &recorded.record;
    let metadata: Metadata = serde_json::from_str(&record.metadata)
        .map_err(|error| Problem::broken(&error.to_string()))?;
    let log_id = app.desk.log().log_id();
    Ok(EventAnswer {
        view: related.view,
        log_id,
        position: recorded.position,
        event_id: record.event_id,
        network: record.network.clone(),
        aggregate_type: record.aggregate_type.clone(),
        aggregate_id: record.aggregate_id,
        sequence: record.sequence,
        event_type: record.event_type.clone(),
        event_version: record.event_version.clone(),
        occurred_at: instant(record.occurred_at),
        recorded_at: instant(record.recorded_at),
        entry: hex::encode(entry::bytes(log_id, record)),
        leaf_hash: hex::encode(recorded.leaf_hash),
        cause: named(app, network, fund, metadata.causation).await?,
        corrects: named(app, network, fund, metadata.corrects).await?,
        effects: related.effects,
        corrected_by: related.corrected_by,
        payload: recorded.record.payload,
        metadata: recorded.record.metadata,
    })
}

/// The event at this position of the log.
pub(crate) async fn recorded(app: &App, position: i64) -> Result<Recorded, Problem> {
    let found = app.desk.log().read(position - 1, 1).await;
    let found = found.map_err(|error| match error {
        LogError::Unavailable | LogError::Busy => {
            Problem::come_again("unavailable", "the log is away")
        }
        other @ (LogError::TooLarge | LogError::ClockSkew | LogError::Broken(_)) => {
            Problem::broken(&other.to_string())
        }
    })?;
    let found = found.into_iter().next();
    found.ok_or_else(|| Problem::broken(&format!("position {position} is missing in the log")))
}

/// An event that another one names; what the caller may not read is not told.
async fn named(
    app: &App,
    network: &Slug,
    fund: Option<FundId>,
    event_id: Option<String>,
) -> Result<Option<EventLine>, Problem> {
    let Some(event_id) = event_id.and_then(|id| id.parse().ok()) else {
        return Ok(None);
    };
    let related = query::event(&*app.views, network, fund, event_id, Seen::default()).await?;
    Ok(related.map(|related| related.event))
}
