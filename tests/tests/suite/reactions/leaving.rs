//! Members who leave, and what they had promised.

use chrono::{DateTime, TimeDelta, Utc};
use commands::member::leave::Leave;
use commands::reaction::BATCH;

use super::bench::{Bench, Engine, at, count, the_same_wherever_it_ends};
use super::neighbours::{
    a_district, a_member, a_membership, a_person, a_request, a_task, claim_request_as, claim_task,
    claim_task_as,
};

fn start() -> DateTime<Utc> {
    at("2026-11-02T09:00:00Z")
}

/// A member with two requests and a slot leaves; in the other slot is somebody who stays.
async fn story(bench: &Bench) {
    a_district(bench, start()).await;
    let member_id = a_member(bench, start()).await;
    for _ in 0..2 {
        let request = a_request(bench, start()).await;
        claim_request_as(bench, start(), request, member_id).await;
    }
    let task = a_task(bench, start()).await;
    claim_task_as(bench, start(), task, member_id).await;
    claim_task(bench, start(), task).await;
    bench.done(start(), Leave { member_id }).await;
}

#[tokio::test]
async fn what_a_member_had_claimed_is_free_at_once_wherever_the_process_ends() {
    let told = the_same_wherever_it_ends(Engine::Memory, start(), start(), story).await;
    for (event_type, expected) in [
        ("help_request.released", 2),
        ("task.released", 1),
        ("subject.retention_set", 1),
        ("subject.erased", 0),
    ] {
        assert_eq!(
            count(&told, event_type),
            expected,
            "{event_type}: {told:#?}"
        );
    }
    let released = told.iter().filter(|act| act.contains(".released "));
    for act in released {
        assert!(act.contains("\"member_left\""), "{act}");
    }
}

#[tokio::test]
async fn who_left_is_forgotten_when_the_policy_says_so() {
    let bench = Bench::new(start()).await;
    story(&bench).await;
    let due = start() + TimeDelta::days(30);
    bench.settle(due - TimeDelta::seconds(1)).await;
    assert_eq!(count(&bench.told().await, "subject.erased"), 0);
    bench.settle(due).await;
    assert_eq!(count(&bench.told().await, "subject.erased"), 1);
}

/// Whoever is a member in another way goes on to be held.
#[tokio::test]
async fn who_is_a_member_twice_and_leaves_once_is_not_forgotten() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let person = a_person(&bench, start(), "member", None).await;
    let first = a_membership(&bench, start(), person).await;
    let second = a_membership(&bench, start(), person).await;
    for (member_id, expected) in [(first, 0), (second, 1)] {
        bench.done(start(), Leave { member_id }).await;
        bench.settle(start()).await;
        let told = bench.told().await;
        assert_eq!(count(&told, "subject.retention_set"), expected, "{told:#?}");
    }
}

/// More than one look at the lookups brings.
#[tokio::test]
async fn all_that_a_member_had_claimed_is_free_however_much_that_is() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let member_id = a_member(&bench, start()).await;
    let many = 2 * BATCH + 1;
    for _ in 0..many {
        let request = a_request(&bench, start()).await;
        claim_request_as(&bench, start(), request, member_id).await;
    }
    bench.done(start(), Leave { member_id }).await;
    bench.settle(start()).await;
    assert_eq!(count(&bench.told().await, "help_request.released"), many);
}
