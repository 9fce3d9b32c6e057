use std::sync::Arc;

use infra::nats::relay::{Relay, RelayState, RelayStatus};
use infra::postgres::PgLog;
use tests::servers::nats;
use tests::wait::until;
use tokio::sync::watch;

use super::{fresh, is_the_log, record, run, target};

#[tokio::test]
async fn the_sequence_in_the_stream_is_the_position() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 700).await;
    let relay = run(&log, &target);
    relay.reaches(700).await;
    record(&log, 3).await;
    relay.reaches(703).await;
    is_the_log(&target, &log).await;
}

#[tokio::test]
async fn a_relay_goes_on_where_the_last_one_stopped() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 5).await;
    let relay = run(&log, &target);
    relay.reaches(5).await;
    relay.stop().await;
    record(&log, 5).await;
    let relay = run(&log, &target);
    relay.reaches(10).await;
    is_the_log(&target, &log).await;
}

#[tokio::test]
async fn of_two_relays_one_leads_and_the_other_takes_over() {
    let (database, log) = fresh().await;
    let other = Arc::new(PgLog::connect(database.owner_url()).await.expect("a log"));
    let target = target(nats().url());
    let first = run(&log, &target);
    first.reaches(0).await;
    let second = run(&other, &target);
    for _ in 0..5 {
        record(&log, 40).await;
    }
    first.reaches(200).await;
    assert_eq!(second.status.borrow().state, RelayState::Standby);
    first.stop().await;
    record(&log, 40).await;
    second.reaches(240).await;
    is_the_log(&target, &log).await;
}

/// Even if both believed that they lead: the server takes each position once.
#[tokio::test]
async fn two_that_both_lead_make_no_duplicate() {
    let (database, log) = fresh().await;
    let copy = super::fresh().await;
    let target = target(nats().url());
    let other = Arc::new(PgLog::connect(database.owner_url()).await.expect("a log"));
    record(&log, 300).await;
    let relays = [
        Relay::new(log.clone(), log.clone(), target.clone()),
        // This one asks another database who leads.
        Relay::new(other, copy.1.clone(), target.clone()),
    ];
    let [first, second] = relays.map(|relay| {
        let status = relay.status();
        (tokio::spawn(relay.run()), status)
    });
    until("both to have seen the whole stream", async || {
        let reached = |status: &watch::Receiver<RelayStatus>| status.borrow().position == 300;
        (reached(&first.1) && reached(&second.1)).then_some(())
    })
    .await;
    is_the_log(&target, &log).await;
    first.0.abort();
    second.0.abort();
}
