//! Commands to append, and what must be true of a log whatever was done to it.

use std::collections::HashMap;

use commands::clock::Clock;
use commands::log::{Append, Appended, EventLog, Expect, KeptAnswer};
use domain::Stream;
use domain::envelope::{Record, Recorded};
use uuid::Uuid;

/// A stream of its own number.
pub fn stream(number: u128) -> Stream {
    Stream {
        aggregate_type: "voucher",
        id: Uuid::from_u128(number),
    }
}

/// The event that follows on `version`.
pub fn record(log: &dyn EventLog, stream: Stream, sequence: i64) -> Record {
    let now = Clock::system().now();
    Record {
        network: "praha".into(),
        aggregate_type: stream.aggregate_type.into(),
        aggregate_id: stream.id,
        sequence,
        event_type: "voucher.redeemed".into(),
        event_version: "1".into(),
        payload: format!(r#"{{"redeemed":{{"number":{sequence}}}}}"#),
        metadata: r#"{"actor":"somebody","channel":"api"}"#.into(),
        event_id: Record::event_id(log.log_id(), stream.id, sequence),
        occurred_at: now,
        recorded_at: now,
    }
}

/// One event in one stream.
pub fn one(log: &dyn EventLog, stream: Stream, version: i64) -> Append {
    several(log, stream, version, 1)
}

/// Several events in one stream.
pub fn several(log: &dyn EventLog, stream: Stream, version: i64, count: i64) -> Append {
    let sequences = version + 1..=version + count;
    Append {
        expects: vec![Expect { stream, version }],
        records: sequences.map(|at| record(log, stream, at)).collect(),
        ..Append::default()
    }
}

/// A command that only read a stream.
pub fn refusal(stream: Stream, version: i64) -> Append {
    Append {
        expects: vec![Expect { stream, version }],
        ..Append::default()
    }
}

/// The id of a command.
pub fn command_id(name: &str) -> Uuid {
    Uuid::new_v5(&Uuid::nil(), name.as_bytes())
}

/// The command under an id.
pub fn keyed(append: Append, name: &str) -> Append {
    let answer = Some(KeptAnswer {
        command_id: command_id(name),
        request_hash: format!("hash of {name}"),
        body: format!(r#"{{"answer":"{name} čaj"}}"#),
        for_ever: false,
        position: 0,
    });
    Append { answer, ..append }
}

/// The position of a command that must be done.
#[track_caller]
pub fn done(answer: Result<Appended, commands::log::LogError>) -> i64 {
    match answer {
        Ok(Appended::Done { position }) => position,
        other => panic!("it should be done, and is {other:?}"),
    }
}

/// The whole log, in pages.
pub async fn everything(log: &dyn EventLog) -> Vec<Recorded> {
    let mut all: Vec<Recorded> = Vec::new();
    loop {
        let after = all.last().map_or(0, |last| last.position);
        let page = log.read(after, 1000).await.expect("a page");
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// Positions and the versions of every stream are dense, and every leaf hash is that of its entry.
pub async fn assert_whole(log: &dyn EventLog) -> Vec<Recorded> {
    let all = everything(log).await;
    let mut versions = HashMap::new();
    for (event, position) in all.iter().zip(1..) {
        assert_eq!(event.position, position, "positions are dense");
        let version: &mut i64 = versions.entry(event.record.aggregate_id).or_default();
        *version += 1;
        assert_eq!(event.record.sequence, *version, "versions are dense");
        let entry = domain::entry::bytes(log.log_id(), &event.record);
        assert_eq!(event.leaf_hash, domain::entry::leaf_hash(&entry));
    }
    let last = all.last().map_or(0, |last| last.position);
    assert_eq!(log.head().await.expect("a head"), last);
    all
}
