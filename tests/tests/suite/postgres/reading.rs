use commands::log::EventLog as _;
use infra::postgres::PgLog;
use sqlx::{Connection as _, PgConnection};
use std::time::Duration;

use super::{fresh, stream, writes};

/// A transaction that is slow to commit holds the lock on the head: what comes later gets the later
/// position and is not seen before.
#[tokio::test]
async fn a_slow_transaction_makes_no_reader_skip() {
    let (database, log) = fresh().await;
    let mut slow = PgConnection::connect(database.superuser_url())
        .await
        .expect("a connection");
    let mut transaction = slow.begin().await.expect("a transaction");
    sqlx::query(
        "SELECT log.append(now(), '{1}', '{}','{}','{}','{}','{}',
            '{1}', '{00000000-0000-0000-0000-0000000000aa}', '{0}', '{true}',
            '{1}', '{praha}', '{voucher}', '{00000000-0000-0000-0000-0000000000aa}', '{1}',
            '{voucher.redeemed}', '{1}', '{\"{}\"}', '{\"{}\"}', ARRAY[gen_random_uuid()],
            ARRAY[now()], ARRAY[now()], ARRAY[sha256('')],
            '{}','{}','{}','{}', '{}','{}', '{}','{}','{}','{}','{}','{}','{}','{}','{}','{}','{}',
            '{}','{}','{}', '{}','{}','{}','{}','{}')",
    )
    .execute(&mut *transaction)
    .await
    .expect("one event, not yet committed");

    let command = writes(log.log_id(), stream(2), 0, 1);
    let mut later = log.append(command);
    let early = tokio::time::timeout(Duration::from_millis(300), &mut later).await;
    assert!(early.is_err(), "the later one must wait");
    assert!(log.read(0, 10).await.expect("a page").is_empty());
    transaction.commit().await.expect("committed");
    later.await.expect("an answer");
    let page = log.read(0, 10).await.expect("a page");
    let ids: Vec<u128> = page
        .iter()
        .map(|e| e.record.aggregate_id.as_u128())
        .collect();
    assert_eq!(ids, [0xaa, 2]);
}

#[tokio::test]
async fn readers_of_another_process_are_woken() {
    let (database, log) = fresh().await;
    let other = PgLog::connect(database.owner_url()).await.expect("a log");
    let mut changes = other.changes();
    log.append(writes(log.log_id(), stream(1), 0, 2))
        .await
        .expect("an answer");
    let woken = tokio::time::timeout(Duration::from_secs(10), changes.wait_for(|head| *head == 2));
    woken.await.expect("in time").expect("a head");
}
