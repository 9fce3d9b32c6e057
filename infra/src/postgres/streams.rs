//! Reading streams. Those who ask while questions are under way are answered by one statement together:
//! a counter with many clients reads a voucher for each, and a question of its own costs the database as
//! much as a command.

use std::sync::Arc;

use commands::log::LogError;
use cqrs_es::persist::{PersistedEventRepository as _, SerializedEvent};
use domain::Stream;
use postgres_es::PostgresEventRepository;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use super::error::{load_error, log_error};
use super::log::bound;

/// How many questions are under way at once; who asks meanwhile waits for one of them.
const AT_ONCE: usize = 2;
/// The most streams of one question: what it brings lies in memory.
const TOGETHER: usize = 64;
/// The most events of each of them; a longer one is read by itself.
const SHORT: usize = 100;
/// How many may wait; those behind them wait for a place.
const QUEUE: usize = 1024;

type Events = Result<Vec<SerializedEvent>, LogError>;

/// Reads streams, with the pool that it was started on.
pub(super) struct Streams(mpsc::Sender<Asked>);

/// Somebody who waits for the events of a stream after a sequence.
struct Asked {
    stream: Stream,
    after: i64,
    caller: oneshot::Sender<Events>,
}

impl Streams {
    /// Starts the actor that asks. It ends when this is dropped and all are answered.
    pub fn start(readers: PgPool) -> Self {
        let (queue, asked) = mpsc::channel(QUEUE);
        tokio::spawn(answer(Database::on(readers), asked));
        Self(queue)
    }

    /// The events of a stream after `after`, oldest first.
    pub async fn load(&self, stream: Stream, after: i64) -> Events {
        let ended = || LogError::Broken("the actor that reads streams has ended".to_owned());
        let (caller, events) = oneshot::channel();
        let asked = Asked {
            stream,
            after,
            caller,
        };
        self.0.send(asked).await.map_err(|_| ended())?;
        events.await.unwrap_or_else(|_| Err(ended()))
    }
}

/// Asks until nobody can ask any more. Each question is a task of its own, so that one that panics takes
/// nobody else's answer along.
async fn answer(database: Database, mut asked: mpsc::Receiver<Asked>) {
    let database = Arc::new(database);
    let mut questions = JoinSet::new();
    let mut together = Vec::new();
    loop {
        tokio::select! {
            Some(answered) = questions.join_next() => {
                if matches!(answered, Ok(Err(LogError::Unavailable))) {
                    tell_all(&mut asked);
                }
            }
            several = asked.recv_many(&mut together, TOGETHER), if questions.len() < AT_ONCE => {
                if several == 0 {
                    break;
                }
                let (database, together) = (Arc::clone(&database), std::mem::take(&mut together));
                questions.spawn(async move { database.answer(together).await });
            }
        }
    }
    while questions.join_next().await.is_some() {}
}

/// All that waited while the database was away are told so, or each would wait for it in turn, the last of
/// them longer than anybody asks.
fn tell_all(asked: &mut mpsc::Receiver<Asked>) {
    while let Ok(asked) = asked.try_recv() {
        asked.answer(Err(LogError::Unavailable));
    }
}

impl Asked {
    fn answer(self, events: Events) {
        // A caller that has gone away has no use for its answer.
        let _gone = self.caller.send(events);
    }
}

struct Database {
    one: PostgresEventRepository,
    readers: PgPool,
}

impl Database {
    fn on(readers: PgPool) -> Self {
        let one = PostgresEventRepository::new(readers.clone());
        Self {
            one: one.with_tables("log.events", "log.no_snapshots_are_kept"),
            readers,
        }
    }

    /// Answers all of them, and says itself what went wrong.
    async fn answer(&self, mut asked: Vec<Asked>) -> Result<(), LogError> {
        // Who has gone away needs nothing read.
        asked.retain(|asked| !asked.caller.is_closed());
        let answers = match asked.as_slice() {
            [] => Ok(Vec::new()),
            [only] => self.one(only).await.map(|events| vec![events]),
            several => self.several(several).await,
        };
        match answers {
            Ok(answers) => {
                for (asked, events) in asked.into_iter().zip(answers) {
                    asked.answer(Ok(events));
                }
                Ok(())
            }
            Err(error) => {
                for asked in asked {
                    asked.answer(Err(error.clone()));
                }
                Err(error)
            }
        }
    }

    async fn one(&self, asked: &Asked) -> Events {
        let id = asked.stream.id.to_string();
        let after = usize::try_from(asked.after).unwrap_or(0);
        let events = domain::with_aggregate!(
            asked.stream.aggregate_type,
            Entity => self.one.get_last_events::<Entity>(&id, after).await,
            else {
                let text = format!("no aggregate is called {}", asked.stream.aggregate_type);
                return Err(LogError::Broken(text));
            }
        );
        events.map_err(load_error)
    }

    /// The events of each, in the order in which they were asked for.
    async fn several(&self, asked: &[Asked]) -> Result<Vec<Vec<SerializedEvent>>, LogError> {
        let ids: Vec<_> = asked.iter().map(|it| it.stream.id.to_string()).collect();
        let types: Vec<_> = asked.iter().map(|it| it.stream.aggregate_type).collect();
        let afters: Vec<_> = asked.iter().map(|it| it.after).collect();
        let rows = sqlx::query(SEVERAL).bind(ids).bind(types).bind(afters);
        let rows = rows
            .bind(bound(SHORT + 1))
            .fetch_all(&self.readers)
            .await
            .map_err(|e| log_error(&e))?;
        let mut answers = vec![Vec::new(); asked.len()];
        for row in &rows {
            let (place, event) = event(row).map_err(|e| log_error(&e))?;
            let events = usize::try_from(place - 1).ok();
            if let Some(events) = events.and_then(|at| answers.get_mut(at)) {
                events.push(event);
            }
        }
        for (asked, events) in asked.iter().zip(&mut answers) {
            if events.len() > SHORT {
                *events = self.one(asked).await?;
            }
        }
        Ok(answers)
    }
}

/// Joined for each stream by itself, so that no plan reads more of the table than their index says.
const SEVERAL: &str = "
    SELECT asked.place, event.*
    FROM unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS asked (id, type, after, place)
    CROSS JOIN LATERAL (
        SELECT aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata
        FROM log.events
        WHERE aggregate_type = asked.type AND aggregate_id = asked.id AND sequence > asked.after
        ORDER BY sequence LIMIT $4
    ) AS event
    ORDER BY asked.place, event.sequence";

/// For whom, counted from 1, and what.
fn event(row: &PgRow) -> sqlx::Result<(i64, SerializedEvent)> {
    let sequence: i64 = row.try_get(3)?;
    let sequence = usize::try_from(sequence).map_err(|error| sqlx::Error::Decode(error.into()))?;
    let event = SerializedEvent::new(
        row.try_get(2)?,
        sequence,
        row.try_get(1)?,
        row.try_get(4)?,
        row.try_get(5)?,
        row.try_get(6)?,
        row.try_get(7)?,
    );
    Ok((row.try_get(0)?, event))
}
