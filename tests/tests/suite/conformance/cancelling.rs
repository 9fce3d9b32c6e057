//! A caller that goes away at any moment.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use commands::log::{Appended, EventLog, LogError};

use super::Harness;
use super::given::{assert_whole, command_id, done, keyed, one, stream};

/// Polls at most so many times, and drops the future then.
async fn polled<F: Future>(future: F, mut times: u32) -> Option<F::Output> {
    let mut future = Some(Box::pin(future));
    std::future::poll_fn(|context| {
        let Some(running) = future.as_mut().filter(|_| times > 0) else {
            future = None;
            return Poll::Ready(None);
        };
        times -= 1;
        let running: Pin<&mut F> = running.as_mut();
        match running.poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending => {
                // So that the count is reached though nothing has happened yet.
                context.waker().wake_by_ref();
                Poll::Pending
            }
        }
    })
    .await
}

async fn attempt(
    log: &dyn EventLog,
    round: u32,
    version: i64,
) -> Option<Result<Appended, LogError>> {
    let command = keyed(one(log, stream(1), version), &round.to_string());
    if round.is_multiple_of(2) {
        polled(log.append(command), round % 14 / 2).await
    } else {
        let soon = Duration::from_micros(u64::from(round) * 7);
        tokio::time::timeout(soon, log.append(command)).await.ok()
    }
}

pub async fn a_dropped_append_leaves_the_log_whole(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let mut answered = 0;
    for round in 0..150 {
        let version = log.load(stream(1), 0).await.expect("a stream").len();
        let version = i64::try_from(version).expect("small");
        let answer = attempt(log, round, version).await;
        let also = i64::from(round);
        // Whoever comes after is served, whatever became of the one before.
        assert!(done(log.append(one(log, stream(2), also)).await) > also);
        answered += u32::from(answer.is_some());
    }
    assert!(answered < 150, "some were dropped");
    let all = assert_whole(log).await;
    let mut kept = 0;
    for round in 0..150_u32 {
        let answer = handle.lookup.answer(command_id(&round.to_string())).await;
        kept += usize::from(answer.expect("a look").is_some());
    }
    assert_eq!(all.len(), 150 + kept, "an event and its answer go together");
}
