//! One command at a time: what is written, and what is refused.

use commands::log::{Append, Appended, Expect};
use domain::Stream;
use futures::future::join_all;

use super::Harness;
use super::given::{
    assert_whole, command_id, done, everything, keyed, one, record, refusal, several, stream,
};

pub async fn what_was_written_is_read_back_unchanged(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let mut event = record(log, stream(1), 1);
    // The very bytes count: order of keys, spaces, escapes, numbers as they were written.
    event.payload =
        "{\"redeemed\": {\"z\":1.50, \"a\":\"\\u010d \u{010d} \u{1f375} \\\" \\\\ \\n\",\n\"b\":1e2}}"
            .into();
    event.metadata = r#"{"actor":"a","role":"member"}"#.into();
    let append = Append {
        records: vec![event.clone()],
        ..one(log, stream(1), 0)
    };
    assert_eq!(done(log.append(append).await), 1);

    let read = log.read(0, 10).await.expect("a page");
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].position, 1);
    assert_eq!(read[0].record, event);
    assert_eq!(read[0].leaf_hash, event.leaf_hash(log.log_id()));

    let loaded = log.load(stream(1), 0).await.expect("a stream");
    assert_eq!(loaded.len(), 1);
    assert_eq!(loaded[0].aggregate_id, stream(1).id.to_string());
    assert_eq!(loaded[0].sequence, 1);
    assert_eq!(loaded[0].aggregate_type, "voucher");
    assert_eq!(loaded[0].event_type, "voucher.redeemed");
    assert_eq!(loaded[0].event_version, "1");
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    assert_eq!(loaded[0].payload, json(&event.payload));
    assert_eq!(loaded[0].metadata, json(&event.metadata));
    assert_whole(log).await;
}

pub async fn an_old_version_is_stale(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(one(log, stream(1), 0)).await);
    for version in [0, 2] {
        let append = one(log, stream(1), version);
        assert_eq!(log.append(append).await, Ok(Appended::Stale));
    }
    assert_eq!(done(log.append(one(log, stream(1), 1)).await), 2);
    assert_whole(log).await;
}

pub async fn several_streams_are_written_together_or_not_at_all(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let over_three = |last_version| {
        let parts = [
            several(log, stream(1), 0, 2),
            several(log, stream(2), 0, 1),
            several(log, stream(3), last_version, 1),
        ];
        let mut whole = Append::default();
        for part in parts {
            whole.expects.extend(part.expects);
            whole.records.extend(part.records);
        }
        whole
    };
    assert_eq!(log.append(over_three(1)).await, Ok(Appended::Stale));
    assert_eq!(everything(log).await.len(), 0);
    assert_eq!(done(log.append(over_three(0)).await), 4);
    let streams: Vec<_> = assert_whole(log)
        .await
        .iter()
        .map(|event| event.record.aggregate_id)
        .collect();
    let expected = [1, 1, 2, 3].map(|number| stream(number).id);
    assert_eq!(streams, expected, "in the order of the command");
}

pub async fn a_stream_that_was_only_read_is_checked(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let reading = |version| {
        let mut append = one(log, stream(1), 0);
        append.expects.push(Expect {
            stream: stream(2),
            version,
        });
        append
    };
    done(log.append(one(log, stream(2), 0)).await);
    assert_eq!(log.append(reading(0)).await, Ok(Appended::Stale));
    done(log.append(reading(1)).await);
    assert_whole(log).await;
}

pub async fn a_refusal_is_checked_and_kept(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(one(log, stream(1), 0)).await);
    let stale = keyed(refusal(stream(1), 0), "refused");
    assert_eq!(log.append(stale).await, Ok(Appended::Stale));
    let kept = handle
        .lookup
        .answer(command_id("refused"))
        .await
        .expect("a look");
    assert_eq!(kept, None);

    let checked = keyed(refusal(stream(1), 1), "refused");
    assert_eq!(done(log.append(checked.clone()).await), 1);
    let kept = handle
        .lookup
        .answer(command_id("refused"))
        .await
        .expect("a look");
    let mut expected = checked.answer.expect("an answer");
    expected.position = 1;
    assert_eq!(kept, Some(expected));
    assert_whole(log).await;
}

pub async fn long_streams_are_read_in_parts(harness: &impl Harness) {
    const LONG: i64 = 10_000;
    const STEP: i64 = 500;
    let handle = harness.open().await;
    let log = &*handle.log;
    for version in (0..LONG).step_by(500) {
        done(log.append(several(log, stream(1), version, STEP)).await);
    }
    let whole = log.load(stream(1), 0).await.expect("a stream");
    let sequences = whole.iter().map(|event| event.sequence);
    assert!(sequences.eq(1..=10_000));
    let end = log.load(stream(1), LONG - 10).await.expect("its end");
    assert_eq!(end.len(), 10);
    assert_eq!(end[0], whole[9_990]);
    done(log.append(one(log, stream(1), LONG)).await);
    assert_whole(log).await;
}

pub async fn streams_asked_for_at_once_are_each_their_own(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let events_of = |number: u128| match number {
        1..100 => 3,
        100 => 250,
        _ => 0,
    };
    for number in 1..=100 {
        done(
            log.append(several(log, stream(number), 0, events_of(number)))
                .await,
        );
    }
    // Those of which nothing was written, and of another type, have nothing; some are asked for twice.
    let venue = |number| Stream {
        aggregate_type: "venue",
        ..stream(number)
    };
    let asked = (1..=120).flat_map(|number| [stream(number), venue(number), stream(number)]);
    let asked: Vec<_> = asked.zip((0..=3).cycle()).collect();
    let answers = asked
        .iter()
        .map(|(stream, after)| log.load(*stream, *after));
    for ((stream, after), events) in asked.iter().zip(join_all(answers).await) {
        let events = events.expect("a stream");
        let last = match stream.aggregate_type {
            "voucher" => events_of(stream.id.as_u128()),
            _ => 0,
        };
        let expected: Vec<_> = (after + 1..=last).collect();
        let sequences = events.iter().map(|event| i64::try_from(event.sequence));
        let sequences: Result<Vec<_>, _> = sequences.collect();
        assert_eq!(sequences, Ok(expected), "{stream:?}");
        for event in events {
            assert_eq!(event.aggregate_id, stream.id.to_string());
            assert_eq!(event.aggregate_type, "voucher");
            assert_eq!(event.event_type, "voucher.redeemed");
            assert_eq!(event.event_version, "1");
            assert_eq!(event.payload["redeemed"]["number"], event.sequence);
            assert_eq!(event.metadata["channel"], "api");
        }
    }
}

pub async fn a_log_that_is_opened_again_is_the_same(harness: &impl Harness) {
    let first = harness.open().await;
    done(first.log.append(one(&*first.log, stream(1), 0)).await);
    let before = everything(&*first.log).await;
    let id = first.log.log_id();
    drop(first);
    let again = harness.open().await;
    assert_eq!(again.log.log_id(), id);
    assert_eq!(*again.log.changes().borrow(), 1);
    assert_eq!(everything(&*again.log).await, before);
    assert_eq!(
        done(again.log.append(one(&*again.log, stream(1), 1)).await),
        2
    );
    assert_whole(&*again.log).await;
}

pub async fn events_are_never_changed_past_the_port(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(several(log, stream(1), 0, 3)).await);
    let before = everything(log).await;
    for sql in [
        "UPDATE events SET payload = '{}' WHERE position = 2",
        "UPDATE events SET position = 9 WHERE position = 3",
        "DELETE FROM events WHERE position = 3",
        "DELETE FROM events",
    ] {
        assert!(harness.tamper(sql).await.is_err(), "{sql}");
    }
    assert_eq!(everything(log).await, before);
}
