//! Readers that JetStream gives a message twice, late and out of order: by the rule of `infra::nats`
//! each makes of it exactly the log.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::{self, AckKind, Message};
use async_nats::{HeaderMap, header::HeaderName};
use commands::log::EventLog as _;
use futures::StreamExt as _;
use infra::nats::stream::Target;
use infra::nats::wake::hints;
use infra::postgres::PgLog;
use tests::servers::{NatsServer, nats};
use tests::wait::until;

use super::{fresh, is_the_log, record, run, target};

type Consumer = jetstream::consumer::Consumer<pull::Config>;

const EVENTS: u32 = 60;
/// As many may be under way at once, which is what puts them out of order.
const UNDER_WAY: i64 = 40;
/// After this the server thinks that a message was lost.
const LOST_AFTER: Duration = Duration::from_millis(50);

/// What a reader keeps, all of it in one transaction if it has a database.
#[derive(Default)]
struct Reader {
    last: i64,
    made: Vec<String>,
    /// The other way: whose acts may come in any order remembers which it had.
    ids: BTreeSet<String>,
    /// How often something came again, and something came too early.
    again: usize,
    early: usize,
}

impl Reader {
    /// Whether the message is done with.
    fn takes(&mut self, message: &Message) -> bool {
        let headers = message.headers.as_ref().expect("headers");
        let header = |name: &str| headers.get(name).expect(name).as_str().to_owned();
        let position: i64 = header("ce-position").parse().expect("a number");
        self.ids.insert(header("ce-id"));
        match position.cmp(&(self.last + 1)) {
            Ordering::Less => {
                self.again += 1;
                true
            }
            Ordering::Equal => {
                self.last = position;
                self.made.push(header("ce-id"));
                true
            }
            Ordering::Greater => {
                self.early += 1;
                false
            }
        }
    }

    /// Reads until it has so many; some messages are lost, some acknowledgements too, and some of these
    /// come late.
    async fn reads(&mut self, target: &Target, upto: i64) {
        let (mut seen, mut opened) = (0_usize, None);
        until("the reader to be there", async || {
            let consumer = match opened.take() {
                Some(consumer) => consumer,
                None => consumer(target).await?,
            };
            let messages = some(&consumer).await?;
            // Unless something went wrong: a server that was killed may have forgotten it.
            opened = Some(consumer);
            for message in messages {
                seen += 1;
                if seen.is_multiple_of(11) {
                    // It never came; those behind it come too early then.
                    continue;
                }
                let done = self.takes(&message);
                let answer = match (done, seen % 11) {
                    (_, 3) => continue,
                    (true, 5) => {
                        tokio::time::sleep(LOST_AFTER / 10).await;
                        message.double_ack().await
                    }
                    (true, _) => message.ack().await,
                    (false, _) => message.ack_with(AckKind::Nak(None)).await,
                };
                let _lost_with_the_server = answer;
            }
            (self.last >= upto).then_some(())
        })
        .await;
    }
}

/// A reader's place in the stream.
async fn consumer(target: &Target) -> Option<Consumer> {
    let client = async_nats::connect(&target.url).await.ok()?;
    let stream = jetstream::new(client).get_stream(&target.stream).await;
    let config = pull::Config {
        durable_name: Some("reader".to_owned()),
        ack_policy: AckPolicy::Explicit,
        ack_wait: LOST_AFTER,
        max_ack_pending: UNDER_WAY,
        ..pull::Config::default()
    };
    let consumer = stream.ok()?.get_or_create_consumer("reader", config).await;
    consumer.ok()
}

/// What the server gives just now.
async fn some(consumer: &Consumer) -> Option<Vec<Message>> {
    let batch = consumer.fetch().max_messages(25).messages().await;
    let messages: Vec<_> = batch.ok()?.collect().await;
    Some(messages.into_iter().filter_map(Result::ok).collect())
}

async fn ids(log: &PgLog) -> Vec<String> {
    let events = log.read(0, 10_000).await.expect("the log");
    let id = |event: &domain::envelope::Recorded| event.record.event_id.to_string();
    events.iter().map(id).collect()
}

#[tokio::test]
async fn a_reader_makes_of_what_comes_twice_and_early_what_the_log_says() {
    let store = tempfile::tempdir().expect("a folder");
    let mut server = NatsServer::start(store.path(), None);
    let (database, log) = fresh().await;
    let target = target(&server.url());
    let other = Arc::new(PgLog::connect(database.owner_url()).await.expect("a log"));
    let relays = [run(&log, &target), run(&other, &target)];
    record(&log, EVENTS).await;
    let mut reader = Reader::default();
    reader.reads(&target, i64::from(EVENTS / 2)).await;
    server.kill();
    record(&log, EVENTS).await;
    server.restart();
    reader.reads(&target, i64::from(2 * EVENTS)).await;
    drop(relays);

    let log_says = ids(&log).await;
    assert_eq!(reader.made, log_says);
    assert_eq!(reader.ids, log_says.into_iter().collect());
    let (again, early) = (reader.again, reader.early);
    assert!(again > 0 && early > 0, "{again} came again, {early} early");
    is_the_log(&target, &log).await;
}

/// Workers are only woken: what comes twice, late or as nonsense moves nobody back.
#[tokio::test]
async fn a_hint_that_comes_twice_or_late_or_is_none_changes_nothing() {
    let target = target(nats().url());
    let heard = hints(&target).await.expect("a subscription");
    let client = async_nats::connect(&target.url).await.expect("a client");
    let mut positions = vec!["7", "7", "3", "-9", "nonsense", "", "99999999999999999999"];
    positions.push("8");
    let mut seen = BTreeSet::new();
    until("the last hint", async || {
        for position in &positions {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static("ce-position"), *position);
            let subject = format!("{}.praha.voucher.redeemed", target.prefix);
            let sent = client.publish_with_headers(subject, headers, "".into());
            sent.await.expect("sent");
            client.flush().await.expect("flushed");
            seen.insert(*heard.borrow());
        }
        (*heard.borrow() == 8).then_some(())
    })
    .await;
    assert!(seen.is_subset(&BTreeSet::from([0, 7, 8])), "{seen:?}");
}
