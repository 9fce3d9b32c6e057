//! What follows from acts, with the process ended anywhere in between: the result is the same.

mod disposal;
mod expiry;
mod forgetting;
mod help;
mod leaving;

pub mod bench;
pub mod house;
mod neighbours;

use std::sync::Arc;

use bench::Bench;
use commands::executor::{Desk, Failure, Request, UseCase};
use commands::principal::{Denied, Principal};
use commands::{help_request, network, reaction, subject, task, venue, voucher};
use domain::access::Scope;
use domain::envelope::Channel;
use domain::ids::AccessId;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use infra::sqlite::SqliteLog;
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
    let founded = bench::founded();
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
