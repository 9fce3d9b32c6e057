//! Many writers, and readers that follow by position.

use std::sync::Arc;

use commands::log::{Appended, EventLog};
use futures::future::join_all;
use tokio::task::JoinHandle;

use super::Harness;
use super::given::{assert_whole, done, one, stream};

const WRITERS: u128 = 64;
const EACH: i64 = 25;
const EVENTS: i64 = 64 * EACH;

/// Follows the log until its last position, as every reader does: by position, woken by the hint.
fn follow(log: Arc<dyn EventLog>) -> JoinHandle<Vec<i64>> {
    tokio::spawn(async move {
        let mut changes = log.changes();
        let mut seen = Vec::new();
        while seen.last() != Some(&EVENTS) {
            let after = seen.last().copied().unwrap_or(0);
            let page = log.read(after, 37).await.expect("a page");
            if page.is_empty() {
                let slow = std::time::Duration::from_millis(50);
                let _hint = tokio::time::timeout(slow, changes.changed()).await;
            }
            seen.extend(page.iter().map(|event| event.position));
        }
        seen
    })
}

/// Half of the writers have streams of their own, the others share eight.
async fn write(log: Arc<dyn EventLog>, writer: u128) {
    let stream = if writer < WRITERS / 2 {
        stream(100 + writer)
    } else {
        stream(writer % 8)
    };
    let mut version = 0;
    let mut written = 0;
    while written < EACH {
        match log.append(one(&*log, stream, version)).await {
            Ok(Appended::Done { .. }) => {
                written += 1;
                version += 1;
            }
            Ok(Appended::Stale) => {
                let end = log.load(stream, version).await.expect("a stream");
                let last = end.last().map(|event| i64::try_from(event.sequence));
                version = last.map_or(version, |last| last.expect("small"));
            }
            other => panic!("{other:?}"),
        }
    }
}

pub async fn every_position_is_seen_once_in_order(harness: &impl Harness) {
    let handles = [harness.open().await, harness.open().await];
    let readers: Vec<_> = (0..4).map(|n| follow(handles[n % 2].log.clone())).collect();
    let writers = (0..WRITERS).map(|writer| {
        let log = handles[usize::from(writer % 3 == 0)].log.clone();
        tokio::spawn(write(log, writer))
    });
    for writer in join_all(writers.collect::<Vec<_>>()).await {
        writer.expect("a writer that gets on");
    }
    for reader in readers {
        let seen = reader.await.expect("a reader");
        assert!(seen.into_iter().eq(1..=EVENTS));
    }
    assert_whole(&*handles[0].log).await;
}

pub async fn a_slow_transaction_hides_nothing(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    done(log.append(one(log, stream(1), 0)).await);
    let slow = harness.slow_transaction().await;
    for version in 1..20 {
        assert_eq!(
            done(log.append(one(log, stream(1), version)).await),
            version + 1
        );
        let seen = log.read(version, 10).await.expect("a page");
        assert_eq!(seen.len(), 1, "what was answered is visible at once");
        assert_eq!(seen[0].position, version + 1);
    }
    drop(slow);
    assert_whole(log).await;
}
