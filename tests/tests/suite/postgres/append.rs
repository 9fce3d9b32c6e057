use std::sync::Arc;

use chrono::TimeDelta;
use commands::clock::Clock;
use commands::log::{Append, Appended, EventLog as _, KeptAnswer, LogError};
use commands::lookup::{KeyKind, LookupWrite};
use infra::postgres::PgLog;

use super::{fresh, stream, writes};

#[tokio::test]
async fn what_was_written_is_read_to_the_letter() {
    let (_database, log) = fresh().await;
    let sent = writes(log.log_id(), stream(1), 0, 3);
    let answer = log.append(sent.clone()).await.expect("an answer");
    assert_eq!(answer, Appended::Done { position: 3 });
    let page = log.read(1, 10).await.expect("a page");
    assert_eq!(page.iter().map(|e| e.position).collect::<Vec<_>>(), [2, 3]);
    for (read, written) in page.iter().zip(&sent.records[1..]) {
        assert_eq!(&read.record, written);
        assert_eq!(read.leaf_hash, written.leaf_hash(log.log_id()));
    }
}

/// Sixty-four writers and few batches: winners and losers of every kind share a transaction.
#[tokio::test]
async fn each_command_of_a_batch_gets_its_own_answer() {
    let (_database, log) = fresh().await;
    let log = Arc::new(log);
    let with = |id: u128, key: &str, digest: &str| {
        let answer = KeptAnswer {
            command_id: uuid::Uuid::new_v5(&uuid::Uuid::nil(), key.as_bytes()),
            request_hash: "hash".to_owned(),
            body: format!("{id}"),
            for_ever: false,
            position: 0,
        };
        let lookup = LookupWrite::Key {
            kind: KeyKind::Code,
            key: digest.to_owned(),
            value: "value".to_owned(),
        };
        Append {
            answer: Some(answer),
            lookups: vec![lookup],
            ..writes(log.log_id(), stream(id), 0, 2)
        }
    };
    log.append(with(1, "one", "first"))
        .await
        .expect("an answer");

    let mut commands = Vec::new();
    for round in 0..16 {
        commands.push(with(
            100 + round,
            &format!("new {round}"),
            &format!("new {round}"),
        ));
        commands.push(with(200 + round, "one", "whatever"));
        commands.push(with(300 + round, &format!("other {round}"), "first"));
        commands.push(with(
            1,
            &format!("stale {round}"),
            &format!("stale {round}"),
        ));
    }
    let answers = commands.into_iter().map(|command| log.append(command));
    let answers = futures::future::join_all(answers).await;
    for (four, round) in answers.chunks(4).zip(1..) {
        // Two events each, in the order of the queue, and no hole for those that lost.
        assert_eq!(
            four[0],
            Ok(Appended::Done {
                position: 2 + 2 * round
            })
        );
        assert!(
            matches!(&four[1], Ok(Appended::KeyTaken(kept)) if kept.body == "1" && kept.position == 2)
        );
        assert_eq!(four[2], Ok(Appended::LookupTaken));
        assert_eq!(four[3], Ok(Appended::Stale));
    }
    let positions: Vec<i64> = log
        .read(0, 100)
        .await
        .expect("a page")
        .iter()
        .map(|e| e.position)
        .collect();
    assert_eq!(positions, (1..=34).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_clock_that_is_off_may_not_write() {
    let (database, log) = fresh().await;
    let now = Clock::system().now();
    for (off, refused) in [(-6, true), (6, true), (-3, false), (3, false)] {
        let clock = Clock::standing_at(now + TimeDelta::seconds(off));
        let other = PgLog::connect_by(database.owner_url(), clock)
            .await
            .expect("a log");
        let id = u128::try_from(off + 100).expect("small");
        let answer = other.append(writes(log.log_id(), stream(id), 0, 1)).await;
        assert_eq!(
            answer == Err(LogError::ClockSkew),
            refused,
            "{off} s: {answer:?}"
        );
    }
    assert_eq!(log.head().await, Ok(2));
}

#[tokio::test]
async fn a_command_that_names_a_key_twice_must_choose_another() {
    let (_database, log) = fresh().await;
    let key = |value: &str| LookupWrite::Key {
        kind: KeyKind::Code,
        key: "digest".to_owned(),
        value: value.to_owned(),
    };
    let command = Append {
        lookups: vec![key("one"), key("other")],
        ..writes(log.log_id(), stream(1), 0, 1)
    };
    assert_eq!(log.append(command).await, Ok(Appended::LookupTaken));
    assert_eq!(log.head().await, Ok(0));
}
