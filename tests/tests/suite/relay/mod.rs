//! The relay: the stream is the log, whatever happens to either of them.

mod outside;
mod redelivered;
mod rivals;
mod trouble;

use std::sync::Arc;

use async_nats::jetstream;
use commands::log::{Append, EventLog as _, Expect};
use domain::Stream;
use domain::envelope::Record;
use infra::nats::relay::{Relay, RelayState, RelayStatus};
use infra::nats::stream::Target;
use infra::postgres::PgLog;
use tests::servers::{Database, postgres, unique_name};
use tests::wait::until;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

async fn fresh() -> (Database, Arc<PgLog>) {
    let database = postgres().database().await;
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    (database, Arc::new(log))
}

fn target(url: &str) -> Target {
    let name = unique_name("relay");
    Target {
        stream: name.clone(),
        prefix: name,
        ..Target::new(url)
    }
}

/// Appends events, each in a stream of its own.
async fn record(log: &PgLog, events: u32) {
    let at = chrono::DateTime::from_timestamp_micros(1_763_626_500_000_001).expect("an instant");
    let ids = tests::servers::unique_name("event");
    let append = |n: u32| {
        let id = Uuid::new_v5(&Uuid::nil(), format!("{ids}/{n}").as_bytes());
        let stream = Stream {
            aggregate_type: "voucher",
            id,
        };
        let record = Record {
            network: "praha".to_owned(),
            aggregate_type: "voucher".to_owned(),
            aggregate_id: id,
            sequence: 1,
            event_type: "voucher.redeemed".to_owned(),
            event_version: "1".to_owned(),
            payload: format!(r#"{{"redeemed":{{"náhrada":{n}}}}}"#),
            metadata: r#"{"actor":"test"}"#.to_owned(),
            event_id: Record::event_id(log.log_id(), id, 1),
            occurred_at: at,
            recorded_at: at,
        };
        log.append(Append {
            expects: vec![Expect { stream, version: 0 }],
            records: vec![record],
            ..Append::default()
        })
    };
    for answer in futures::future::join_all((0..events).map(append)).await {
        answer.expect("an append");
    }
}

/// A relay that ends with its handle.
struct Running {
    status: watch::Receiver<RelayStatus>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn run(log: &Arc<PgLog>, target: &Target) -> Running {
    let relay = Relay::new(log.clone(), log.clone(), target.clone());
    let status = relay.status();
    let task = tokio::spawn(relay.run());
    Running { status, task }
}

impl Running {
    async fn reaches(&self, position: i64) {
        until(&format!("the stream to reach {position}"), async || {
            let status = self.status.borrow().clone();
            let there = status.position == position && status.state == RelayState::Relaying;
            there.then_some(())
        })
        .await;
    }

    /// Stops as a process does that ends: without a word.
    async fn stop(mut self) {
        self.task.abort();
        let _aborted = (&mut self.task).await;
    }
}

/// Every message has the sequence that is its position, and says what the log says.
async fn is_the_log(target: &Target, log: &PgLog) {
    let client = async_nats::connect(&target.url)
        .await
        .expect("a connection");
    let context = jetstream::new(client);
    let stream = context.get_stream(&target.stream).await.expect("a stream");
    let events = log.read(0, 10_000).await.expect("the log");
    let state = &stream.cached_info().state;
    assert_eq!(state.first_sequence, 1);
    assert_eq!(state.last_sequence, events.len() as u64);
    assert_eq!(state.messages, events.len() as u64);
    for event in events {
        let message = stream.get_raw_message(event.position.unsigned_abs());
        let message = message.await.expect("a message");
        assert_eq!(message.payload, event.record.payload.as_bytes());
        let header = |name: &str| message.headers.get(name).expect(name).as_str();
        assert_eq!(header("ce-position"), event.position.to_string());
        assert_eq!(header("ce-id"), event.record.event_id.to_string());
        assert_eq!(header("ce-leafhash"), hex::encode(event.leaf_hash));
        assert_eq!(header("ce-logid"), log.log_id().to_string());
    }
}
