use std::collections::HashMap;
use std::sync::Mutex;

use domain::Stream;
use domain::envelope::Record;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::*;
use commands::log::Expect;

/// An engine in memory: it notes its batches, waits for a permit for each, and can be told to fail.
#[derive(Default)]
struct Memory {
    permits: Option<Semaphore>,
    at_once: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    versions: HashMap<Uuid, i64>,
    answers: HashMap<Uuid, KeptAnswer>,
    head: i64,
    batches: Vec<usize>,
    next: Vec<Next>,
    away: bool,
    /// How often it was asked what became of a command.
    asked: usize,
}

/// What the next batch does instead of what it should.
enum Next {
    Panic,
    LoseAnswer,
    /// Loses the answer, and is away from then on.
    GoAway,
    Refuse,
}

impl State {
    fn decide(&mut self, append: &Append) -> Appended {
        let version = |id| self.versions.get(&id).copied().unwrap_or(0);
        if let Some(kept) = append
            .answer
            .as_ref()
            .and_then(|a| self.answers.get(&a.command_id))
        {
            return Appended::KeyTaken(kept.clone());
        }
        if append
            .expects
            .iter()
            .any(|e| version(e.stream.id) != e.version)
        {
            return Appended::Stale;
        }
        for record in &append.records {
            self.head += 1;
            self.versions.insert(record.aggregate_id, record.sequence);
        }
        if let Some(kept) = &append.answer {
            self.answers.insert(kept.command_id, kept.clone());
        }
        Appended::Done {
            position: self.head,
        }
    }
}

impl Engine for Memory {
    fn commit<'a>(&'a self, batch: &'a [Append]) -> BoxFuture<'a, Result<Vec<Appended>, Failed>> {
        Box::pin(async move {
            if let Some(permits) = &self.permits {
                permits.acquire().await.expect("open").forget();
            }
            let next = {
                let mut state = self.state.lock().expect("no poison");
                state.batches.push(batch.len());
                state.next.pop()
            };
            assert!(!matches!(next, Some(Next::Panic)), "as the test wants it");
            if matches!(next, Some(Next::Refuse)) {
                return Err(Failed::NothingWritten(LogError::Broken(
                    "a bad command".into(),
                )));
            }
            let mut state = self.state.lock().expect("no poison");
            if state.away {
                return Err(Failed::NothingWritten(LogError::Unavailable));
            }
            let answers = batch.iter().map(|append| state.decide(append)).collect();
            match next {
                Some(lost @ (Next::LoseAnswer | Next::GoAway)) => {
                    state.away = matches!(lost, Next::GoAway);
                    Err(Failed::NotKnown(LogError::Unavailable))
                }
                _ => Ok(answers),
            }
        })
    }

    fn at_once(&self) -> usize {
        self.at_once.max(1)
    }

    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>> {
        let mut state = self.state.lock().expect("no poison");
        state.asked += 1;
        let kept = state.answers.get(&command_id).cloned();
        let answer = if state.away {
            Err(LogError::Unavailable)
        } else {
            Ok(kept)
        };
        Box::pin(async { answer })
    }
}

fn stream(number: u128) -> Stream {
    Stream {
        aggregate_type: "voucher",
        id: Uuid::from_u128(number),
    }
}

fn append(number: u128, version: i64, key: &str) -> Append {
    let id = Uuid::from_u128(number);
    let record = Record {
        network: "praha".into(),
        aggregate_type: "voucher".into(),
        aggregate_id: id,
        sequence: version + 1,
        event_type: "voucher.redeemed".into(),
        event_version: "1".into(),
        payload: "{}".into(),
        metadata: "{}".into(),
        event_id: id,
        occurred_at: chrono::DateTime::UNIX_EPOCH,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
    };
    Append {
        expects: vec![Expect {
            stream: stream(number),
            version,
        }],
        records: vec![record],
        lookups: Vec::new(),
        answer: Some(KeptAnswer {
            command_id: Uuid::new_v5(&Uuid::nil(), key.as_bytes()),
            request_hash: "hash".into(),
            body: key.into(),
            for_ever: false,
            position: 0,
        }),
    }
}

fn held() -> Arc<Memory> {
    Arc::new(Memory {
        permits: Some(Semaphore::new(0)),
        ..Memory::default()
    })
}

fn done(position: i64) -> Appended {
    Appended::Done { position }
}

async fn settle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_waits_while_a_batch_is_under_way_is_the_next_batch() {
    let engine = held();
    let log = Arc::new(GroupCommit::start(engine.clone(), 0));
    let send = |number: u128| {
        let log = Arc::clone(&log);
        tokio::spawn(async move { log.append(append(number, 0, &number.to_string())).await })
    };
    let first = send(1);
    settle().await;
    let others: Vec<_> = (2..12).map(send).collect();
    settle().await;
    engine.permits.as_ref().expect("held").add_permits(2);
    assert_eq!(first.await.expect("joined"), Ok(done(1)));
    for (other, position) in others.into_iter().zip(2..) {
        assert_eq!(other.await.expect("joined"), Ok(done(position)));
    }
    assert_eq!(engine.state.lock().expect("no poison").batches, [1, 10]);
    assert_eq!(*log.changes().borrow(), 11);
}

#[tokio::test]
async fn many_that_wait_set_out_while_a_batch_is_under_way() {
    for (many, batches) in [(WORTH_IT, vec![1, WORTH_IT, 10]), (9, vec![1, 19])] {
        let engine = Arc::new(Memory {
            permits: Some(Semaphore::new(0)),
            at_once: 2,
            ..Memory::default()
        });
        let log = Arc::new(GroupCommit::start(engine.clone(), 0));
        let mut sent = Vec::new();
        for some in [1, many, 10] {
            for _ in 0..some {
                let (log, number) = (Arc::clone(&log), sent.len());
                sent.push(tokio::spawn(async move {
                    let id = u128::try_from(number).expect("small");
                    log.append(append(id, 0, &number.to_string())).await
                }));
            }
            settle().await;
        }
        engine.permits.as_ref().expect("held").add_permits(3);
        for one in sent {
            assert!(matches!(
                one.await.expect("joined"),
                Ok(Appended::Done { .. })
            ));
        }
        assert_eq!(engine.state.lock().expect("no poison").batches, batches);
    }
}

/// Twenty that want to write the same event of a stream, while the engine takes one batch.
async fn twenty_rivals(engine: &Memory, log: &GroupCommit) -> Vec<Result<Appended, LogError>> {
    let rivals = (0..20).map(|n| async move {
        let key = format!("rival {n}");
        log.append(append(1, 0, &key)).await
    });
    engine.permits.as_ref().expect("held").add_permits(1);
    futures::future::join_all(rivals).await
}

#[tokio::test]
async fn rivals_for_a_stream_hear_it_without_a_batch_of_their_own() {
    let engine = held();
    let log = GroupCommit::start(engine.clone(), 0);
    let answers = twenty_rivals(&engine, &log).await;
    assert_eq!(answers[0], Ok(done(1)));
    assert!(answers[1..].iter().all(|a| *a == Ok(Appended::Stale)));
}

#[tokio::test]
async fn a_duplicate_in_the_queue_gets_the_first_ones_answer() {
    let log = GroupCommit::start(Arc::new(Memory::default()), 0);
    let (one, other) = tokio::join!(
        log.append(append(1, 0, "same")),
        log.append(append(1, 0, "same"))
    );
    assert_eq!(one, Ok(done(1)));
    assert!(matches!(other, Ok(Appended::KeyTaken(kept)) if kept.body == "same"));
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_never_sent_again() {
    let engine = Arc::new(Memory::default());
    engine.state.lock().expect("no poison").next = vec![Next::LoseAnswer];
    let log = GroupCommit::start(engine.clone(), 0);
    let answer = log.append(append(1, 0, "lost")).await;
    assert!(matches!(answer, Ok(Appended::KeyTaken(kept)) if kept.body == "lost"));
    assert_eq!(engine.state.lock().expect("no poison").batches, [1]);

    engine.state.lock().expect("no poison").next = vec![Next::LoseAnswer];
    let without_key = Append {
        answer: None,
        ..append(2, 0, "")
    };
    assert_eq!(log.append(without_key).await, Err(LogError::Unavailable));
}

/// Each changes the same stream and would have a batch of its own, and each batch would wait.
#[tokio::test]
async fn all_that_wait_while_the_database_is_away_are_told_together() {
    // It was away before the batch was sent, or went while it was written: then its fate is asked for once.
    for (went, asked) in [(None, 0), (Some(Next::GoAway), 1)] {
        let engine = held();
        {
            let mut state = engine.state.lock().expect("no poison");
            state.away = went.is_none();
            state.next.extend(went);
        }
        let log = GroupCommit::start(engine.clone(), 0);
        let answers = twenty_rivals(&engine, &log).await;
        assert!(answers.iter().all(|a| *a == Err(LogError::Unavailable)));
        {
            let mut state = engine.state.lock().expect("no poison");
            assert_eq!(
                (state.batches.as_slice(), state.asked),
                ([1].as_slice(), asked)
            );
            state.away = false;
        }
        engine.permits.as_ref().expect("held").add_permits(1);
        let later = log.append(append(2, 0, "later")).await;
        assert!(matches!(later, Ok(Appended::Done { .. })));
    }
}

#[tokio::test]
async fn a_bad_command_does_not_take_its_batch_with_it() {
    let engine = Arc::new(Memory::default());
    // The batch of three fails, then the second of its commands; `next` is taken from its end.
    engine.state.lock().expect("no poison").next =
        vec![Next::Refuse, Next::LoseAnswer, Next::Refuse];
    let log = GroupCommit::start(engine.clone(), 0);
    let (one, two, three) = tokio::join!(
        log.append(append(1, 0, "one")),
        log.append(append(2, 0, "two")),
        log.append(append(3, 0, "three"))
    );
    assert!(matches!(one, Ok(Appended::KeyTaken(_))));
    assert!(matches!(two, Err(LogError::Broken(_))));
    assert_eq!(three, Ok(done(2)));
}

#[tokio::test]
async fn a_panic_in_the_engine_is_an_answer() {
    let engine = Arc::new(Memory::default());
    engine.state.lock().expect("no poison").next = vec![Next::Panic];
    let log = GroupCommit::start(engine, 0);
    assert!(matches!(
        log.append(append(1, 0, "one")).await,
        Err(LogError::Broken(_))
    ));
    assert_eq!(log.append(append(1, 0, "one")).await, Ok(done(1)));
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_stop_its_append() {
    let engine = held();
    let log = GroupCommit::start(engine.clone(), 0);
    let mut changes = log.changes();
    assert!(log.append(append(1, 0, "gone")).now_or_never().is_none());
    engine.permits.as_ref().expect("held").add_permits(1);
    changes.changed().await.expect("a new head");
    assert_eq!(*changes.borrow(), 1);
}

#[tokio::test]
async fn a_full_queue_and_too_large_commands_are_refused_at_once() {
    let engine = held();
    let log = GroupCommit::start(engine.clone(), 0);
    let mut waiting = Vec::new();
    for number in 0..=u128::try_from(QUEUE).expect("small") {
        let mut call = Box::pin(log.append(append(number, 0, &number.to_string())));
        match futures::poll!(&mut call) {
            std::task::Poll::Pending => waiting.push(call),
            std::task::Poll::Ready(answer) => assert_eq!(answer, Err(LogError::Busy)),
        }
    }
    assert_eq!(waiting.len(), QUEUE);

    let mut large = append(1, 0, "large");
    large.records[0].payload = "x".repeat(MAX_PAYLOAD + 1);
    assert_eq!(log.append(large).await, Err(LogError::TooLarge));
    let mut large = append(1, 0, "large");
    large.records[0].metadata = "x".repeat(MAX_METADATA + 1);
    assert_eq!(log.append(large).await, Err(LogError::TooLarge));
}

#[tokio::test]
async fn events_that_do_not_follow_on_are_a_mistake_of_the_program() {
    let log = GroupCommit::start(Arc::new(Memory::default()), 0);
    let mut gap = append(1, 0, "gap");
    gap.records[0].sequence = 2;
    assert!(matches!(log.append(gap).await, Err(LogError::Broken(_))));
    let mut foreign = append(1, 0, "foreign");
    foreign.expects[0].stream = stream(2);
    assert!(matches!(
        log.append(foreign).await,
        Err(LogError::Broken(_))
    ));
}
