//! The relay from an empty stream to the end of the log, beside the bare publishing of the same
//! bodies, as many in flight.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use async_nats::jetstream::{self, stream};
use commands::log::EventLog;
use domain::envelope::Recorded;
use infra::nats::relay::Relay;
use infra::nats::stream::Target;
use tests::servers::{nats, unique_name};

use crate::filled::Filled;
use crate::load::count;
use crate::options::Options;
use crate::table::{Line, Peer};

/// How many messages are sent and not yet acknowledged, as many as the relay has.
const IN_FLIGHT: usize = 512;
/// How many events are relayed at most.
const MOST: usize = 200_000;
const PAGE: usize = 5_000;

/// One engine.
pub async fn run(options: &Options, filled: &Filled) -> Line {
    let engines = filled.engines().await;
    let log = Arc::clone(engines.desk.log());
    let many = filled.events.min(MOST);
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let target = Target {
            url: nats().url().to_owned(),
            stream: unique_name("bench"),
            prefix: unique_name("bench"),
        };
        let relay = Relay::new(
            Arc::clone(&log),
            Arc::clone(&engines.leadership),
            target.clone(),
        );
        ours.push(relayed(relay, many).await);
        bare.push(published(&*log, many).await);
        let context = jetstream::new(async_nats::connect(nats().url()).await.expect("NATS"));
        context
            .delete_stream(&target.stream)
            .await
            .expect("a stream");
    }
    Line {
        bench: "relay",
        what: format!("{} to JetStream, {many} events", filled.engine),
        unit: "events/s",
        ours,
        against: vec![Peer::new("bare pipelined publish", bare).at_least(0.6)],
        aim: None,
        notes: "ours with 16 headers, sequence = position checked on each".to_owned(),
    }
}

async fn relayed(relay: Relay, many: usize) -> f64 {
    let mut status = relay.status();
    let until = i64::try_from(many).expect("a position");
    let start = Instant::now();
    let relaying = tokio::spawn(relay.run());
    let reached = status.wait_for(|status| status.position >= until).await;
    reached.expect("a relay that runs");
    let took = start.elapsed().as_secs_f64();
    relaying.abort();
    let _aborted = relaying.await;
    count(many) / took
}

/// What is published was read before.
async fn published(log: &dyn EventLog, many: usize) -> f64 {
    let mut events: Vec<Recorded> = Vec::with_capacity(many);
    while events.len() < many {
        let after = events.last().map_or(0, |event| event.position);
        events.extend(
            log.read(after, PAGE.min(many - events.len()))
                .await
                .expect("a page"),
        );
    }
    let client = async_nats::connect(nats().url()).await.expect("NATS");
    let context = jetstream::new(client);
    let name = unique_name("bare");
    let config = stream::Config {
        name: name.clone(),
        subjects: vec![format!("{name}.>")],
        ..stream::Config::default()
    };
    context.create_stream(config).await.expect("a stream");
    let start = Instant::now();
    let mut in_flight = VecDeque::with_capacity(IN_FLIGHT);
    for event in events {
        if in_flight.len() >= IN_FLIGHT {
            let oldest: jetstream::context::PublishAckFuture =
                in_flight.pop_front().expect("one in flight");
            oldest.await.expect("an acknowledgement");
        }
        let subject = format!(
            "{name}.{}.{}",
            event.record.network, event.record.event_type
        );
        let sent = context.publish(subject, event.record.payload.into()).await;
        in_flight.push_back(sent.expect("a message that is sent"));
    }
    for left in in_flight {
        left.await.expect("an acknowledgement");
    }
    let took = start.elapsed().as_secs_f64();
    context.delete_stream(&name).await.expect("a stream");
    count(many) / took
}
