//! Streams as aggregates: the store of cqrs-es over any engine of ours.

use std::collections::HashMap;
use std::sync::Arc;

use cqrs_es::persist::SerializedEvent;
use cqrs_es::{AggregateError, EventEnvelope, EventStore};
use domain::envelope::Record;
use domain::text::Slug;
use domain::upcast::upcast;
use domain::{Entity, Stream};
use uuid::Uuid;

use crate::log::{Append, Appended, EventLog, Expect, LogError};

/// Reads an event of a stream in today's words.
///
/// # Errors
/// If its payload is not what its type and version say.
pub fn decode<E: serde::de::DeserializeOwned>(stored: SerializedEvent) -> Result<E, LogError> {
    let (_, payload) = upcast(&stored.event_type, &stored.event_version, stored.payload);
    serde_json::from_value(payload).map_err(|error| {
        LogError::Broken(format!(
            "{} of {}: {error}",
            stored.event_type, stored.aggregate_id
        ))
    })
}

/// The aggregate as it is after `events`, which follow on `state`.
///
/// # Errors
/// If an event cannot be read.
pub fn replay<A: Entity>(mut state: A, events: Vec<SerializedEvent>) -> Result<A, LogError> {
    for event in events {
        state.apply(decode(event)?);
    }
    Ok(state)
}

/// The last event of a stream that is the one looked for, as it is stored.
///
/// # Errors
/// If the log is away, or an event cannot be read.
pub async fn last_of<A: Entity>(
    log: &dyn EventLog,
    stream: Stream,
    is_it: impl Fn(&A::Event) -> bool + Send,
) -> Result<Option<SerializedEvent>, LogError> {
    let mut found = None;
    for stored in log.load(stream, 0).await? {
        if is_it(&decode(stored.clone())?) {
            found = Some(stored);
        }
    }
    Ok(found)
}

/// The id of an event of this log, as it was loaded from a stream.
#[must_use]
pub fn event_id(log: &dyn EventLog, stream: Stream, stored: &SerializedEvent) -> Uuid {
    let sequence = i64::try_from(stored.sequence).unwrap_or(i64::MAX);
    Record::event_id(log.log_id(), stream.id, sequence)
}

/// The store of one aggregate type, for programs that use cqrs-es itself. The executor uses the
/// same loading and the same append, with authorisation, idempotency and several streams.
#[derive(Clone)]
pub struct Store {
    log: Arc<dyn EventLog>,
    network: Slug,
}

/// An aggregate on its way through `CqrsFramework`.
pub struct Context<A> {
    stream: Stream,
    version: i64,
    aggregate: A,
}

impl<A: Entity> cqrs_es::AggregateContext<A> for Context<A> {
    fn aggregate(&mut self) -> &mut A {
        &mut self.aggregate
    }
}

impl Store {
    /// A store that writes to this network.
    #[must_use]
    pub fn new(log: Arc<dyn EventLog>, network: Slug) -> Self {
        Self { log, network }
    }

    fn record<A: Entity>(
        &self,
        context: &Context<A>,
        ahead: i64,
        event: &A::Event,
        metadata: &HashMap<String, String>,
    ) -> Result<Record, LogError> {
        let sorted: std::collections::BTreeMap<_, _> = metadata.iter().collect();
        let json = |value: serde_json::Result<String>| {
            value.map_err(|error| LogError::Broken(error.to_string()))
        };
        let now = crate::clock::Clock::system().now();
        let sequence = context.version + ahead;
        Ok(Record {
            network: self.network.to_string(),
            aggregate_type: A::TYPE.to_owned(),
            aggregate_id: context.stream.id,
            sequence,
            event_type: cqrs_es::DomainEvent::event_type(event),
            event_version: cqrs_es::DomainEvent::event_version(event),
            payload: json(serde_json::to_string(event))?,
            metadata: json(serde_json::to_string(&sorted))?,
            event_id: Record::event_id(self.log.log_id(), context.stream.id, sequence),
            occurred_at: now,
            recorded_at: now,
        })
    }
}

fn technical<E: std::error::Error>(error: LogError) -> AggregateError<E> {
    AggregateError::UnexpectedError(Box::new(error))
}

fn stream_of<A: Entity>(id: &str) -> Result<Stream, AggregateError<A::Error>> {
    let id: Uuid = id
        .parse()
        .map_err(|_| technical(LogError::Broken(format!("{id} is no UUID"))))?;
    Ok(A::stream(id))
}

impl<A: Entity> EventStore<A> for Store {
    type AC = Context<A>;

    async fn load_events(
        &self,
        id: &str,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let stored = self
            .log
            .load(stream_of::<A>(id)?, 0)
            .await
            .map_err(technical)?;
        stored
            .into_iter()
            .map(|event| {
                Ok(EventEnvelope {
                    aggregate_id: event.aggregate_id.clone(),
                    sequence: event.sequence,
                    metadata: serde_json::from_value(event.metadata.clone()).unwrap_or_default(),
                    payload: decode(event).map_err(technical)?,
                })
            })
            .collect()
    }

    async fn load_aggregate(&self, id: &str) -> Result<Context<A>, AggregateError<A::Error>> {
        let stream = stream_of::<A>(id)?;
        let events = self.log.load(stream, 0).await.map_err(technical)?;
        let version = i64::try_from(events.len()).unwrap_or(i64::MAX);
        let aggregate = replay(A::default(), events).map_err(technical)?;
        Ok(Context {
            stream,
            version,
            aggregate,
        })
    }

    async fn commit(
        &self,
        events: Vec<A::Event>,
        context: Context<A>,
        metadata: HashMap<String, String>,
    ) -> Result<Vec<EventEnvelope<A>>, AggregateError<A::Error>> {
        let records = (1..).zip(&events);
        let records = records
            .map(|(ahead, event)| self.record(&context, ahead, event, &metadata))
            .collect::<Result<Vec<_>, _>>()
            .map_err(technical)?;
        let sequences: Vec<_> = records
            .iter()
            .map(|record| usize::try_from(record.sequence).unwrap_or(0))
            .collect();
        let expects = vec![Expect {
            stream: context.stream,
            version: context.version,
        }];
        let append = Append {
            expects,
            records,
            ..Append::default()
        };
        match self.log.append(append).await.map_err(technical)? {
            Appended::Done { .. } => Ok(sequences
                .into_iter()
                .zip(events)
                .map(|(sequence, payload)| EventEnvelope {
                    aggregate_id: context.stream.id.to_string(),
                    sequence,
                    payload,
                    metadata: metadata.clone(),
                })
                .collect()),
            Appended::Stale | Appended::KeyTaken(_) | Appended::LookupTaken => {
                Err(AggregateError::AggregateConflict)
            }
        }
    }
}
