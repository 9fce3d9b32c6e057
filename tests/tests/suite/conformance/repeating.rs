//! The same command twice, and unique keys.

use chrono::TimeDelta;
use commands::clock::Clock;
use commands::log::{Append, Appended, EventLog};
use commands::lookup::{KeyKind, LookupWrite};
use futures::future::join_all;

use super::Harness;
use super::given::{assert_whole, command_id, done, everything, keyed, one, stream};

pub async fn the_same_key_gets_the_same_answer(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(one(log, stream(9), 0)).await);
    let command = keyed(one(log, stream(1), 0), "k");
    assert_eq!(done(log.append(command.clone()).await), 2);
    done(log.append(one(log, stream(9), 1)).await);

    let mut kept = command.answer.clone().expect("an answer");
    kept.position = 2;
    // Even where its versions are old by now, and from another process.
    for again in [handle.clone(), harness.open().await] {
        let answer = again.log.append(command.clone()).await;
        assert_eq!(answer, Ok(Appended::KeyTaken(kept.clone())));
        let found = again.lookup.answer(command_id("k")).await;
        assert_eq!(found, Ok(Some(kept.clone())));
    }
    done(log.append(keyed(one(log, stream(2), 0), "other")).await);
    assert_eq!(assert_whole(log).await.len(), 4);
}

pub async fn of_concurrent_duplicates_one_is_done(harness: &impl Harness) {
    let handles = [harness.open().await, harness.open().await];
    for round in 0..20_u128 {
        let attempts = (0..8).map(|n| {
            let log = &*handles[n % 2].log;
            log.append(keyed(one(log, stream(round + 1), 0), &round.to_string()))
        });
        let answers = join_all(attempts).await;
        let of = |wanted: fn(&Appended) -> bool| {
            let answers = answers
                .iter()
                .map(|answer| answer.as_ref().expect("an answer"));
            answers.filter(|answer| wanted(answer)).count()
        };
        assert_eq!(of(|answer| matches!(answer, Appended::Done { .. })), 1);
        assert_eq!(of(|answer| matches!(answer, Appended::LookupTaken)), 0);
        let command = keyed(
            one(&*handles[1].log, stream(round + 1), 0),
            &round.to_string(),
        );
        let repeated = handles[1].log.append(command).await;
        assert!(matches!(repeated, Ok(Appended::KeyTaken(_))));
    }
    assert_eq!(assert_whole(&*handles[0].log).await.len(), 20);
}

pub async fn old_answers_go_and_those_of_reactions_stay(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    for number in 1..=5 {
        done(
            log.append(keyed(one(log, stream(number), 0), &number.to_string()))
                .await,
        );
    }
    let mut kept = keyed(one(log, stream(6), 0), "of a reaction");
    kept.answer.as_mut().expect("an answer").for_ever = true;
    done(log.append(kept).await);

    let now = Clock::system().now();
    let (before, after) = (now - TimeDelta::days(1), now + TimeDelta::days(1));
    assert_eq!(log.prune_answers(before, 100).await, Ok(0));
    assert_eq!(log.prune_answers(after, 3).await, Ok(3));
    assert_eq!(log.prune_answers(after, 3).await, Ok(2));
    assert_eq!(log.prune_answers(after, 3).await, Ok(0));
    let answer = |name| handle.lookup.answer(command_id(name));
    assert_eq!(answer("1").await, Ok(None));
    assert!(answer("of a reaction").await.expect("a look").is_some());
    assert_eq!(everything(log).await.len(), 6);
}

fn with_code(log: &dyn EventLog, number: u128, code: &str) -> Append {
    let mut append = one(log, stream(number), 0);
    append.lookups.push(LookupWrite::Key {
        kind: KeyKind::Code,
        key: code.into(),
        value: stream(number).id.to_string(),
    });
    append
}

pub async fn a_unique_key_is_taken_once(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(with_code(log, 1, "abc")).await);
    let again = keyed(with_code(log, 2, "abc"), "again");
    assert_eq!(log.append(again).await, Ok(Appended::LookupTaken));
    assert_eq!(handle.lookup.answer(command_id("again")).await, Ok(None));
    let found = |kind, code: &str| handle.lookup.key(kind, code.into());
    let value = stream(1).id.to_string();
    assert_eq!(found(KeyKind::Code, "abc").await, Ok(Some(value)));
    assert_eq!(found(KeyKind::Token, "abc").await, Ok(None));
    assert_eq!(found(KeyKind::Code, "other").await, Ok(None));
    assert_eq!(assert_whole(log).await.len(), 1);
}

pub async fn of_rivals_for_a_unique_key_one_wins(harness: &impl Harness) {
    let handles = [harness.open().await, harness.open().await];
    let rivals = (1..=16_usize).map(|n| {
        let log = &*handles[n % 2].log;
        log.append(with_code(log, n as u128, "abc"))
    });
    let answers = join_all(rivals).await;
    let taken = Ok(Appended::LookupTaken);
    let lost = answers.iter().filter(|answer| **answer == taken).count();
    assert_eq!(lost, 15);
    assert_eq!(assert_whole(&*handles[0].log).await.len(), 1);
}
