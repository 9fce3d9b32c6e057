//! People and texts that are held no longer, and those who were waiting for them.

use chrono::{DateTime, TimeDelta, Utc};
use commands::help_request::reopen::Reopen;
use commands::help_request::withdraw::Withdraw;
use commands::network::set_policy::SetPolicy;
use commands::reaction;
use commands::subject::erase::Erase;
use commands::vault::Vault as _;
use domain::help_request::reopen::ReopenReason;
use domain::network::set_policy::Policy;
use domain::subject::erase::ErasureReason;

use super::bench::{Bench, Engine, at, count, the_same_wherever_it_ends};
use super::neighbours::{LAPSED, a_district, a_person, asked, claim_request, claim_task, work};

fn start() -> DateTime<Utc> {
    at("2026-11-02T09:00:00Z")
}

/// A person with a claimed request and work for it that somebody took on, held until tomorrow.
async fn held_until_tomorrow(bench: &Bench) {
    a_district(bench, start()).await;
    let tomorrow = start() + TimeDelta::hours(12);
    let person = a_person(bench, start(), "requester", Some(tomorrow)).await;
    let request = asked(Some(person), Some("třetí patro"));
    let request = bench.done(start(), request).await.help_request_id;
    claim_request(bench, start(), request).await;
    let task = bench.done(start(), work(Some(request), Some("zvonek vlevo")));
    claim_task(bench, start(), task.await.task_id).await;
}

#[tokio::test]
async fn who_is_held_no_longer_is_erased_wherever_the_process_ends() {
    let due = start() + TimeDelta::hours(12);
    let told = the_same_wherever_it_ends(Engine::Memory, start(), due, held_until_tomorrow).await;
    for event_type in ["subject.erased", "help_request.withdrawn", "task.cancelled"] {
        assert_eq!(count(&told, event_type), 1, "{event_type}: {told:#?}");
    }
    assert!(told.iter().any(|act| act.contains("\"retention_over\"")));

    let bench = Bench::new(start()).await;
    held_until_tomorrow(&bench).await;
    bench.settle(due - TimeDelta::seconds(1)).await;
    assert_eq!(count(&bench.told().await, "subject.erased"), 0);
}

/// A request without a person and a task, both with a note of their own, and both over.
async fn notes_of_their_own(bench: &Bench) {
    a_district(bench, start()).await;
    bench.done(start(), asked(None, Some("třetí patro"))).await;
    bench.done(start(), work(None, Some("zvonek vlevo"))).await;
    bench.settle(at(LAPSED)).await;
}

#[tokio::test]
async fn texts_are_erased_so_many_days_after_the_end() {
    let due = at(LAPSED) + TimeDelta::days(30);
    let told = the_same_wherever_it_ends(Engine::Memory, start(), due, notes_of_their_own).await;
    let erased = ["help_request.texts_erased", "task.note_erased"];
    assert_eq!(erased.map(|it| count(&told, it)), [1, 1], "{told:#?}");

    let bench = Bench::new(start()).await;
    notes_of_their_own(&bench).await;
    bench.settle(due - TimeDelta::days(1)).await;
    let told = bench.told().await;
    assert_eq!(erased.map(|it| count(&told, it)), [0, 0]);
}

/// A policy speaks of days: one process looks once an hour.
#[tokio::test]
async fn what_has_ended_is_looked_through_once_an_hour() {
    let due = at(LAPSED) + TimeDelta::days(30);
    let bench = Bench::new(start()).await;
    notes_of_their_own(&bench).await;
    let reactions = bench.reactions();
    for (minutes, erased) in [(-30, 0), (29, 0), (30, 1)] {
        let desk = bench.process(due + TimeDelta::minutes(minutes));
        reaction::round(&desk, &reactions).await;
        let told = bench.told().await;
        for event_type in ["help_request.texts_erased", "task.note_erased"] {
            assert_eq!(count(&told, event_type), erased, "{event_type}, {minutes}");
        }
    }
}

#[tokio::test]
async fn the_key_of_a_text_goes_with_it_and_the_request_stays_closed() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let request = bench.done(start(), asked(None, Some("třetí patro"))).await;
    let help_request_id = request.help_request_id;
    bench.done(start(), Withdraw { help_request_id }).await;
    assert_eq!(bench.vault.holds(help_request_id.0).await, Ok(true));
    bench.settle(start() + TimeDelta::days(31)).await;
    assert_eq!(bench.vault.holds(help_request_id.0).await, Ok(false));
    let reopen = Reopen {
        help_request_id,
        reason: ReopenReason::NeededAgain,
        expires_at: None,
    };
    let refused = bench.act(start() + TimeDelta::days(31), None, reopen).await;
    assert!(
        format!("{refused:?}").contains("texts_erased"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_shorter_policy_counts_for_what_has_ended_before() {
    let bench = Bench::new(start()).await;
    notes_of_their_own(&bench).await;
    let later = at(LAPSED) + TimeDelta::days(3);
    let set = SetPolicy {
        from: Some(later),
        policy: Policy {
            retain_contact_days: 2,
            ..Policy::default()
        },
    };
    bench.done(later, set).await;
    bench.settle(later).await;
    let told = bench.told().await;
    assert_eq!(count(&told, "help_request.texts_erased"), 1, "{told:#?}");
}

#[tokio::test]
async fn a_request_of_an_erased_person_does_not_open_again() {
    let bench = Bench::new(start()).await;
    a_district(&bench, start()).await;
    let person = a_person(&bench, start(), "requester", None).await;
    let request = bench.done(start(), asked(Some(person), None)).await;
    let erase = Erase {
        subject_id: person,
        reason: ErasureReason::Asked,
    };
    bench.done(start(), erase).await;
    bench.settle(start()).await;
    let reopen = Reopen {
        help_request_id: request.help_request_id,
        reason: ReopenReason::NeededAgain,
        expires_at: None,
    };
    let refused = bench.act(start(), None, reopen).await;
    assert!(format!("{refused:?}").contains("Erased"), "{refused:?}");
}
