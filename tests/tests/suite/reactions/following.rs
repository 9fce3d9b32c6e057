//! Reactions that read the log from where they left it.

use chrono::{DateTime, Utc};
use commands::executor::Failure;
use commands::log::LogError;
use commands::reaction::Reaction;
use commands::reaction::ports::Checkpoint;

use super::bench::{Bench, at};
use super::neighbours::a_person;

/// How many events one step reads.
const PAGE: usize = 1_000;

fn start() -> DateTime<Utc> {
    at("2026-11-02T09:00:00Z")
}

/// Those that read on.
fn followers(bench: &Bench) -> Vec<Box<dyn Reaction>> {
    let mut reactions = bench.reactions();
    reactions.retain(|reaction| ["leave", "erase"].contains(&reaction.name()));
    assert_eq!(reactions.len(), 2);
    reactions
}

#[tokio::test]
async fn a_log_that_was_restored_stops_who_reads_on() {
    let bench = Bench::new(start()).await;
    let desk = bench.process(start());
    for follower in followers(&bench) {
        assert_eq!(follower.step(&desk).await, Ok(false));
        let name = follower.name().to_owned();
        let known = bench.checkpoints.load(name.clone()).await;
        let known = known.expect("an answer").expect("a checkpoint");
        let position = known.position;
        assert_eq!(Ok(position), bench.log.head().await);
        let another = Checkpoint {
            leaf_hash: [7; 32],
            ..known
        };
        let saved = bench.checkpoints.save(name.clone(), another);
        saved.await.expect("saved");
        let stopped = follower.step(&desk).await;
        let said = format!("{name}: position {position} is not what it was: the log was restored");
        assert!(
            matches!(&stopped, Err(Failure::Log(LogError::Broken(why))) if *why == said),
            "{stopped:?}"
        );
        bench.checkpoints.save(name, known).await.expect("saved");
        assert_eq!(follower.step(&desk).await, Ok(false));
    }
}

#[tokio::test]
async fn behind_a_full_page_there_may_be_more() {
    let bench = Bench::new(start()).await;
    let head = bench.log.head().await.expect("a head");
    for _ in usize::try_from(head).expect("small")..PAGE {
        a_person(&bench, start(), "member", None).await;
    }
    let desk = bench.process(start());
    for follower in followers(&bench) {
        for more in [true, false] {
            assert_eq!(follower.step(&desk).await, Ok(more), "{}", follower.name());
        }
    }
}
