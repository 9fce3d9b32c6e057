use std::path::Path;
use std::process::Command;

use infra::nats::relay::{Difference, RelayState, StreamCheck, check};
use infra::nats::stream::{Target, rebuild};
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::servers::{Database, NatsServer, nats};
use tests::wait::until;

use super::{Running, fresh, is_the_log, record, run, target};

impl Running {
    async fn stops(&self) -> Difference {
        until("the relay to stop", async || {
            match &self.status.borrow().state {
                RelayState::Stopped(difference) => Some(difference.clone()),
                _ => None,
            }
        })
        .await
    }
}

#[tokio::test]
async fn commands_do_not_need_nats_and_the_lag_shows() {
    let store = tempfile::tempdir().expect("a folder");
    let mut server = NatsServer::start(store.path(), None);
    let (_database, log) = fresh().await;
    let target = target(&server.url());
    let relay = run(&log, &target);
    record(&log, 3).await;
    relay.reaches(3).await;

    server.kill();
    record(&log, 4).await;
    until("the lag to show", async || {
        let status = relay.status.borrow().clone();
        let away = matches!(status.state, RelayState::Away { .. });
        (away && status.position == 3 && status.head == 7).then_some(())
    })
    .await;

    server.restart();
    relay.reaches(7).await;
    is_the_log(&target, &log).await;
}

#[tokio::test]
async fn a_deleted_stream_is_filled_again() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 20).await;
    let relay = run(&log, &target);
    relay.reaches(20).await;
    let client = async_nats::connect(&target.url)
        .await
        .expect("a connection");
    let context = async_nats::jetstream::new(client);
    context
        .delete_stream(&target.stream)
        .await
        .expect("deleted");
    until("the stream to be there again", async || {
        let stream = context.get_stream(&target.stream).await.ok()?;
        (stream.cached_info().state.last_sequence == 20).then_some(())
    })
    .await;
    is_the_log(&target, &log).await;
}

fn copy(from: &Path, to: &Path) {
    let copied = Command::new("cp").arg("-a").arg(from).arg(to).status();
    assert!(copied.expect("cp starts").success());
}

/// The server acknowledges before it flushes: after a power failure it may know less than it said.
#[tokio::test]
async fn a_lost_tail_is_filled_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, early) = (folder.path().join("store"), folder.path().join("early"));
    let mut server = NatsServer::start(&store, None);
    let (_database, log) = fresh().await;
    let target = target(&server.url());
    record(&log, 5).await;
    let relay = run(&log, &target);
    relay.reaches(5).await;
    server.stop();
    copy(&store, &early);
    server.restart();
    record(&log, 5).await;
    relay.reaches(10).await;

    server.kill();
    std::fs::remove_dir_all(&store).expect("the store is lost");
    copy(&early, &store);
    server.restart();
    record(&log, 1).await;
    relay.reaches(11).await;
    is_the_log(&target, &log).await;
}

/// As when the store's disk is full: it refuses, nothing gets lost, and it goes on when there is room.
#[tokio::test]
async fn a_stream_without_room_is_waited_for() {
    let (_database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 5).await;
    let relay = run(&log, &target);
    relay.reaches(5).await;
    may_hold(&target, 7).await;
    record(&log, 20).await;
    until("the relay to say that it waits", async || {
        let status = relay.status.borrow().clone();
        let away = matches!(status.state, RelayState::Away { .. });
        (away && status.position <= 7 && status.head == 25).then_some(())
    })
    .await;
    may_hold(&target, -1).await;
    relay.reaches(25).await;
    is_the_log(&target, &log).await;
}

/// Lets the stream hold so many messages; -1 = any number.
async fn may_hold(target: &Target, messages: i64) {
    let client = async_nats::connect(&target.url).await;
    let context = async_nats::jetstream::new(client.expect("a connection"));
    let stream = context.get_stream(&target.stream).await.expect("a stream");
    let mut config = stream.cached_info().config.clone();
    config.max_messages = messages;
    context.update_stream(config).await.expect("updated");
}

/// What a restore from a backup does: the events after `position` have not happened.
async fn restore(database: &Database, position: i64) {
    let url = database.superuser_url();
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    let sql = format!(
        "ALTER TABLE log.events DISABLE TRIGGER events_never_change;
         DELETE FROM log.events WHERE position > {position};
         ALTER TABLE log.events ENABLE ALWAYS TRIGGER events_never_change;
         UPDATE log.head SET position = {position};"
    );
    connection.execute(sql.as_str()).await.expect("restored");
}

#[tokio::test]
async fn a_restored_log_is_noticed_and_the_stream_rebuilt_on_demand() {
    let (database, log) = fresh().await;
    let target = target(nats().url());
    record(&log, 10).await;
    let relay = run(&log, &target);
    relay.reaches(10).await;
    relay.stop().await;

    restore(&database, 6).await;
    let relay = run(&log, &target);
    assert_eq!(relay.stops().await, Difference::From { position: 7 });
    relay.stop().await;

    // The log has gone on: as long as the stream, and with other events.
    record(&log, 6).await;
    let relay = run(&log, &target);
    assert_eq!(relay.stops().await, Difference::From { position: 7 });

    let found = check(log.as_ref(), &target).await.expect("an answer");
    assert_eq!(
        found,
        StreamCheck::Differs(Difference::From { position: 7 })
    );

    rebuild(&target, commands::log::EventLog::log_id(log.as_ref()))
        .await
        .expect("rebuilt");
    relay.reaches(12).await;
    let found = check(log.as_ref(), &target).await.expect("an answer");
    assert_eq!(found, StreamCheck::Holds { position: 12 });
    is_the_log(&target, &log).await;
}

#[tokio::test]
async fn another_logs_stream_is_left_alone() {
    let ((_one, log), (_two, other)) = (fresh().await, fresh().await);
    let target = target(nats().url());
    record(&log, 2).await;
    let relay = run(&log, &target);
    relay.reaches(2).await;
    record(&other, 5).await;
    let rival = run(&other, &target);
    assert_eq!(rival.stops().await, Difference::OtherLog);
    is_the_log(&target, &log).await;
}

#[tokio::test]
async fn user_and_password_stand_in_the_url() {
    let store = tempfile::tempdir().expect("a folder");
    let server = NatsServer::start_for(store.path(), "relay", "p@ss word");
    let (_database, log) = fresh().await;
    record(&log, 3).await;
    let mut target = target(&server.url());
    let refused = run(&log, &target);
    until("the relay to be refused", async || {
        let state = refused.status.borrow().state.clone();
        matches!(state, RelayState::Away { .. }).then_some(())
    })
    .await;
    refused.stop().await;

    target.url = format!("nats://relay:p%40ss%20word@127.0.0.1:{}", server.port());
    run(&log, &target).reaches(3).await;
    let found = check(log.as_ref(), &target).await.expect("an answer");
    assert_eq!(found, StreamCheck::Holds { position: 3 });
}
