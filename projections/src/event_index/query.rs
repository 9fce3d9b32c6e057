//! Asking which acts there were, newest first, and what hangs together with one of them.

use chrono::{DateTime, Utc};
use domain::ids::FundId;
use domain::text::Slug;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{MODEL, key};
use crate::answer::{Seen, View, ask};
use crate::cursor;
use crate::store::{Arg, Query, ReadStore, StoreError};
use crate::time::{instant, micros};

/// The most events of one answer.
pub const MAX_EVENTS: u32 = 100;
/// The most effects and corrections that are told of one event.
const MAX_LINKS: i64 = 100;

/// Which events.
#[derive(Clone, Debug)]
pub struct Filter {
    /// The network.
    pub network: Slug,
    /// Only what concerns this fund.
    pub fund_id: Option<FundId>,
    /// Only of this stream.
    pub stream: Option<Uuid>,
    /// Only by this actor: an access, or the name of a reaction.
    pub actor: Option<String>,
    /// Only of this type, e.g. `voucher.redeemed`.
    pub act: Option<String>,
    /// Only what belongs together.
    pub correlation: Option<String>,
    /// Only what was recorded from then on.
    pub from: Option<DateTime<Utc>>,
    /// Only what was recorded before.
    pub until: Option<DateTime<Utc>>,
    /// How many at most, 1 to [`MAX_EVENTS`].
    pub limit: u32,
    /// From where the answer before ended.
    pub cursor: Option<String>,
}

/// Events, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventsAnswer {
    /// How far the read model has come.
    pub view: View,
    /// The events.
    pub events: Vec<EventLine>,
    /// How to ask for the events before these; absent at the end.
    pub next_cursor: Option<String>,
}

/// One event in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventLine {
    /// Where in the log.
    pub position: i64,
    /// Its id.
    pub event_id: Uuid,
    /// The aggregate's id.
    pub stream: Uuid,
    /// The number in its stream.
    pub sequence: i64,
    /// `aggregate.act`.
    pub act: String,
    /// Who acted: an access, or the name of a reaction.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// What hangs together with one event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// How far the read model has come.
    pub view: View,
    /// The event itself.
    pub event: EventLine,
    /// Up to 100 events that it caused, oldest first.
    pub effects: Vec<EventLine>,
    /// Up to 100 events that correct it, oldest first.
    pub corrected_by: Vec<EventLine>,
}

/// A row as it is found.
#[derive(Deserialize)]
struct Found {
    key: String,
    position: i64,
    event_id: Uuid,
    stream: Uuid,
    sequence: i64,
    act: String,
    actor: String,
    role: String,
    occurred_at: i64,
    recorded_at: i64,
}

impl From<Found> for EventLine {
    fn from(found: Found) -> Self {
        Self {
            position: found.position,
            event_id: found.event_id,
            stream: found.stream,
            sequence: found.sequence,
            act: found.act,
            actor: found.actor,
            role: found.role,
            occurred_at: instant(found.occurred_at),
            recorded_at: instant(found.recorded_at),
        }
    }
}

/// The search with one condition first, which an index answers; the others are checked on what it
/// finds.
macro_rules! search {
    ($first:literal) => {
        concat!(
            "SELECT key, position, event_id, stream, sequence, act, actor, role, occurred_at,
                    recorded_at
             FROM event_index_event
             WHERE network = $1 AND key < $2 AND ",
            $first,
            " AND (CAST($3 AS TEXT) IS NULL OR stream = $3)
               AND (CAST($4 AS TEXT) IS NULL OR actor = $4)
               AND (CAST($5 AS TEXT) IS NULL OR act = $5)
               AND (CAST($6 AS TEXT) IS NULL OR correlation = $6)
               AND (CAST($7 AS TEXT) IS NULL OR fund_id = $7)
               AND recorded_at >= $8 AND recorded_at < $9
             ORDER BY key DESC LIMIT $10"
        )
    };
}

/// The events of a network.
///
/// # Errors
/// If the store is away, or the cursor is none of ours (`StoreError::Cursor`).
pub async fn events(
    store: &dyn ReadStore,
    filter: &Filter,
    seen: Seen,
) -> Result<EventsAnswer, StoreError> {
    let limit = filter.limit.clamp(1, MAX_EVENTS);
    let query = filter.query(limit)?;
    let snapshot = ask(store, MODEL, vec![query], seen.position, seen.wait).await?;
    let view = View::at(&snapshot.checkpoint, seen.position);
    let mut found: Vec<Found> = Vec::new();
    for rows in snapshot.found {
        found.extend(rows.read::<Found>()?);
    }
    let more = cursor::cut(&mut found, limit);
    let last = found.last().filter(|_| more);
    Ok(EventsAnswer {
        view,
        next_cursor: last.map(|last| cursor::write(&[&last.key])),
        events: found.into_iter().map(EventLine::from).collect(),
    })
}

impl Filter {
    fn query(&self, limit: u32) -> Result<Query, StoreError> {
        let [before] = cursor::read(self.cursor.as_deref())?;
        let before = if before.is_empty() {
            key(self.network.as_str(), i64::MAX)
        } else {
            before
        };
        let sql = match self {
            Self {
                stream: Some(_), ..
            } => search!("stream = CAST($3 AS TEXT)"),
            Self {
                correlation: Some(_),
                ..
            } => search!("correlation = CAST($6 AS TEXT)"),
            Self { actor: Some(_), .. } => search!("actor = CAST($4 AS TEXT)"),
            Self {
                fund_id: Some(_), ..
            } => search!("fund_id = CAST($7 AS TEXT)"),
            Self { act: Some(_), .. } => search!("act = CAST($5 AS TEXT)"),
            Self { .. } => search!("key > $1"),
        };
        let text = |uuid: Option<Uuid>| Arg::from(uuid.map(|uuid| uuid.to_string()));
        Ok(Query {
            sql,
            args: vec![
                self.network.as_str().into(),
                before.into(),
                text(self.stream),
                self.actor.clone().into(),
                self.act.clone().into(),
                self.correlation.clone().into(),
                text(self.fund_id.map(|fund| fund.0)),
                self.from.map_or(i64::MIN, micros).into(),
                self.until.map_or(i64::MAX, micros).into(),
                (i64::from(limit) + 1).into(),
            ],
        })
    }
}

const ONE: &str = "SELECT key, position, event_id, stream, sequence, act, actor, role, occurred_at,
        recorded_at
     FROM event_index_event
     WHERE network = $1 AND event_id = $2 AND (CAST($3 AS TEXT) IS NULL OR fund_id = $3)";

const LINKED: &str = "SELECT e.key, e.position, e.event_id, e.stream, e.sequence, e.act, e.actor,
        e.role, e.occurred_at, e.recorded_at
     FROM event_index_link l JOIN event_index_event e ON e.event_id = l.event_id
     WHERE l.key > $2 AND l.key < $4 AND e.network = $1
       AND (CAST($3 AS TEXT) IS NULL OR e.fund_id = $3)
     ORDER BY l.key LIMIT $5";

/// One event with what it caused and what corrects it; `None` if the network, or the fund, has no
/// such event.
///
/// # Errors
/// If the store is away.
pub async fn event(
    store: &dyn ReadStore,
    network: &Slug,
    fund_id: Option<FundId>,
    event_id: Uuid,
    seen: Seen,
) -> Result<Option<Related>, StoreError> {
    let fund = Arg::from(fund_id.map(|fund| fund.to_string()));
    let network = Arg::from(network.as_str());
    let one = Query {
        sql: ONE,
        args: vec![network.clone(), event_id.to_string().into(), fund.clone()],
    };
    // `}` is the first character after `|`.
    let linked = |how: &str| Query {
        sql: LINKED,
        args: vec![
            network.clone(),
            format!("{event_id}|{how}|").into(),
            fund.clone(),
            format!("{event_id}|{how}}}").into(),
            MAX_LINKS.into(),
        ],
    };
    let queries = vec![one, linked("caused"), linked("corrected")];
    let snapshot = ask(store, MODEL, queries, seen.position, seen.wait).await?;
    let mut answers = snapshot.found.iter().map(lines);
    let mut next = || answers.next().unwrap_or_else(|| Ok(Vec::new()));
    let (one, effects, corrected_by) = (next()?, next()?, next()?);
    Ok(one.into_iter().next().map(|event| Related {
        view: View::at(&snapshot.checkpoint, seen.position),
        event,
        effects,
        corrected_by,
    }))
}

fn lines(rows: &crate::store::Found) -> Result<Vec<EventLine>, StoreError> {
    let found: Vec<Found> = rows.read()?;
    Ok(found.into_iter().map(EventLine::from).collect())
}
