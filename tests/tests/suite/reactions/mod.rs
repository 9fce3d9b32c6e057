//! What follows from acts, with the process ended anywhere in between: the result is the same.

mod disposal;
mod expiry;
mod following;
mod forgetting;
mod help;
mod leaving;

pub mod bench;
pub mod house;
mod neighbours;

use std::sync::Arc;

use bench::Bench;
use chrono::TimeDelta;
use commands::clock::Clock;
use commands::executor::{Desk, Failure, Request, UseCase};
use commands::organisation::join::Join;
use commands::principal::{Denied, Principal};
use commands::{help_request, network, reaction, subject, task, venue, voucher};
use domain::access::Scope;
use domain::envelope::Channel;
use domain::ids::AccessId;
use domain::organisation::join::OrganisationKind;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use infra::sqlite::SqliteLog;
use tests::app::{NETWORK, founded};
use uuid::Uuid;

/// Under these names they act in the log and lead among processes: they stay as they are.
#[tokio::test]
async fn reactions_keep_their_names() {
    let log = Arc::new(SqliteLog::memory().await.expect("a log"));
    let names = reaction::all(log)
        .iter()
        .map(|it| it.name())
        .collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "expire_vouchers",
            "lapse_claims",
            "expire_help_requests",
            "expire_tasks",
            "dispose_vouchers",
            "retain",
            "leave",
            "erase",
        ]
    );
}

/// What the software does by itself nobody else does, whoever runs the network.
#[tokio::test]
async fn nobody_else_does_what_follows_by_itself() {
    let now = bench::at("2026-11-20T08:00:00Z");
    let bench = Bench::new(now).await;
    let id = Uuid::from_u128(1);
    let founded = founded(NETWORK);
    let acts: Vec<BoxedAct> = vec![
        by_the_operator(voucher::expire::Expire {
            voucher_id: id.into(),
        }),
        by_the_operator(venue::dispose_vouchers::DisposeVouchers {
            venue_id: id.into(),
        }),
        by_the_operator(task::expire::Expire { task_id: id.into() }),
        by_the_operator(task::erase_note::EraseNote { task_id: id.into() }),
        by_the_operator(help_request::expire::Expire {
            help_request_id: id.into(),
        }),
        by_the_operator(help_request::erase_texts::EraseTexts {
            help_request_id: id.into(),
        }),
        by_the_operator(subject::set_retention::SetRetention {
            subject_id: id.into(),
            retain_until: now,
        }),
        by_the_operator(network::found::Found { founded }),
    ];
    for act in acts {
        assert_eq!(
            act(bench.process(now)).await,
            Some(Failure::Denied(Denied::Role))
        );
    }
}

type BoxedAct = Box<dyn FnOnce(Arc<Desk>) -> BoxFuture<'static, Option<Failure>>>;

/// Why the operator may not do this.
fn by_the_operator<U: UseCase>(act: U) -> BoxedAct {
    let network = "praha".parse().expect("a slug");
    let scope = Scope::Operator { import: true };
    let who = Principal::of(AccessId(Uuid::nil()), network, scope);
    let request = Request::new(who, "key".to_owned(), String::new(), Channel::Api);
    Box::new(|desk| async move { desk.execute(request, act).await.err() }.boxed())
}

#[tokio::test]
async fn answers_are_kept_for_thirty_days() {
    let now = Clock::system().now();
    let bench = Bench::new(now).await;
    let who = Principal::system("set-up", "praha".parse().expect("a slug"));
    let request = Request::new(who, "key".to_owned(), String::new(), Channel::Cli);
    let join = Join {
        name: "Naděje".parse().expect("a name"),
        kind: OrganisationKind::Ngo,
        agreement: None,
    };
    let command_id = request.command_id();
    bench
        .process(now)
        .execute(request, join)
        .await
        .expect("it is done");
    for (days, is_kept) in [(29, true), (31, false)] {
        let desk = bench.process(now + TimeDelta::days(days));
        while bench.one_round(&desk).await {}
        let kept = bench.lookup.answer(command_id).await.expect("the lookups");
        assert_eq!(kept.is_some(), is_kept, "after {days} days");
    }
}

/// What was forgotten may not have been all.
#[tokio::test]
async fn a_round_in_which_answers_are_forgotten_is_not_the_last() {
    let now = Clock::system().now();
    let bench = Bench::new(now).await;
    let desk = bench.process(now);
    while bench.one_round(&desk).await {}
    let later = bench.process(now + TimeDelta::days(31));
    assert!(bench.one_round(&later).await);
    assert!(!bench.one_round(&later).await);
}
