//! Requests, tasks and claims of which nothing was heard in time.

use chrono::{DateTime, TimeDelta, Utc};
use commands::lookup::DueKind;
use commands::reaction::BATCH;
use commands::task::cancel::Cancel;
use domain::envelope::Recorded;
use domain::task::cancel::CancelReason;
use serde_json::Value;

use super::bench::{Bench, Engine, at, count, the_same_wherever_it_ends};
use super::neighbours::{
    LAPSED, OVER, a_district, a_person, a_request, a_task, asked, claim_request, claim_task, work,
};

fn start() -> DateTime<Utc> {
    at("2026-11-02T09:00:00Z")
}

/// Two that nobody took on, two that somebody did, and a task with two claims.
async fn story(bench: &Bench) {
    a_district(bench, start()).await;
    a_request(bench, start()).await;
    a_task(bench, start()).await;
    let claimed = a_request(bench, start()).await;
    claim_request(bench, start(), claimed).await;
    let task = a_task(bench, start()).await;
    for _ in 0..2 {
        claim_task(bench, start(), task).await;
    }
}

#[tokio::test]
async fn all_that_fell_due_is_recorded_once_wherever_the_process_ends() {
    is_recorded_once(Engine::Memory).await;
}

#[tokio::test]
async fn all_that_fell_due_is_recorded_once_wherever_it_ends_on_postgresql() {
    is_recorded_once(Engine::Postgres).await;
}

async fn is_recorded_once(engine: Engine) {
    let told = the_same_wherever_it_ends(engine, start(), at(LAPSED), story).await;
    for (event_type, expected) in [
        ("help_request.expired", 2),
        ("help_request.released", 1),
        ("task.expired", 2),
        ("task.released", 2),
    ] {
        assert_eq!(
            count(&told, event_type),
            expected,
            "{event_type}: {told:#?}"
        );
    }
    let released = told.iter().filter(|act| act.contains(".released "));
    for act in released {
        assert!(act.contains("\"lapsed\""), "{act}");
    }
}

#[tokio::test]
async fn nothing_falls_due_before_its_time() {
    let bench = Bench::new(start()).await;
    story(&bench).await;
    let before = bench.told().await;
    bench.settle(at(OVER) - TimeDelta::seconds(1)).await;
    assert_eq!(bench.told().await, before);
}

#[tokio::test]
async fn what_somebody_has_claimed_waits_for_the_claim_to_lapse() {
    let bench = Bench::new(start()).await;
    story(&bench).await;
    bench.settle(at(LAPSED) - TimeDelta::seconds(1)).await;
    let told = bench.told().await;
    let expired = ["help_request.expired", "task.expired"].map(|kind| count(&told, kind));
    assert_eq!(expired, [1, 1]);
    let released = ["help_request.released", "task.released"].map(|kind| count(&told, kind));
    assert_eq!(released, [0, 0]);
}

/// What ends by itself is caused by what let it wait: being asked for, being given back, or the claim of
/// which nothing was heard.
#[tokio::test]
async fn what_ends_by_itself_is_caused_by_what_let_it_wait() {
    let bench = Bench::new(start()).await;
    story(&bench).await;
    bench.settle(at(LAPSED)).await;
    let log = bench.log.read(0, 1_000).await.expect("the log");
    let json = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
    let mut causes = Vec::new();
    let of_help = |event: &&Recorded| {
        ["help_request", "task"].contains(&event.record.aggregate_type.as_str())
    };
    for event in log.iter().filter(of_help) {
        let record = &event.record;
        let metadata = json(&record.metadata);
        let is_it = |it: &&Recorded| metadata["causation"] == it.record.event_id.to_string();
        let Some(cause) = log.iter().find(is_it) else {
            continue;
        };
        assert_eq!(cause.record.aggregate_id, record.aggregate_id);
        let claim = json(&record.payload)["released"]["claim_id"].clone();
        if !claim.is_null() {
            assert_eq!(json(&cause.record.payload)["claimed"]["claim_id"], claim);
        }
        causes.push((record.event_type.as_str(), cause.record.event_type.as_str()));
    }
    causes.sort_unstable();
    let expected = [
        ("help_request.expired", "help_request.released"),
        ("help_request.expired", "help_request.requested"),
        ("help_request.released", "help_request.claimed"),
        ("task.expired", "task.created"),
        ("task.expired", "task.created"),
        ("task.released", "task.claimed"),
        ("task.released", "task.claimed"),
    ];
    assert_eq!(causes, expected);
}

/// A task is due at the end of its window while nobody is on it, at the lapse of a claim while somebody is,
/// and once it is over when it has a note of its own.
#[tokio::test]
async fn a_task_is_due_for_one_reason_at_a_time() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let idle = a_task(&bench, start()).await;
    let claimed = a_task(&bench, start()).await;
    claim_task(&bench, start(), claimed).await;
    let person = a_person(&bench, start(), "requester", None).await;
    let request = bench.done(start(), asked(Some(person), None)).await;
    let theirs = work(Some(request.help_request_id), Some("zvonek vlevo"));
    let theirs = bench.done(start(), theirs).await.task_id;
    let own = bench
        .done(start(), work(None, Some("zvonek vlevo")))
        .await
        .task_id;
    let none = a_task(&bench, start()).await;
    for task_id in [theirs, own, none] {
        let reason = CancelReason::NotNeeded;
        bench.done(start(), Cancel { task_id, reason }).await;
    }
    let due = async |kind| {
        let due = bench
            .lookup
            .due(kind, None, at("2030-01-01T00:00:00Z"), 100);
        let due = due.await.expect("the lookups");
        due.into_iter().map(|due| due.id).collect::<Vec<_>>()
    };
    assert_eq!(due(DueKind::TaskExpiry).await, [idle.0]);
    assert_eq!(due(DueKind::TaskClaim).await, [claimed.0]);
    assert_eq!(due(DueKind::TaskNote).await, [own.0]);
}

#[tokio::test]
async fn all_that_fell_due_ends_however_much_that_is() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let many = 2 * BATCH + 1;
    for _ in 0..many {
        a_request(&bench, start()).await;
    }
    bench.one_round(&bench.process(at(OVER))).await;
    let told = bench.told().await;
    assert_eq!(count(&told, "help_request.expired"), many);
}
