//! One idempotency key, many times at once: done once, and everybody is told the same.

use std::collections::BTreeSet;

use futures::future::join_all;
use tests::app::TestApp;

use super::super::extent::tell;

const AT_ONCE: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_requests_with_one_key_are_one_act_on_sqlite() {
    one_act(&TestApp::start().await, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_requests_with_one_key_are_one_act_on_postgresql() {
    one_act(&TestApp::on_postgres().await, "PostgreSQL").await;
}

async fn one_act(app: &TestApp, engine: &str) {
    let before = app.desk.log().head().await.expect("a head");
    let operator = app.operator().with_key("the same for all");
    let asked = (0..AT_ONCE).map(|_| operator.post("/prepayments", app.coffees(3)));
    let answers = join_all(asked).await;
    let mut told = BTreeSet::new();
    for answer in answers {
        match answer.status {
            201 => drop(told.insert(answer.body["prepayment_id"].to_string())),
            _ => drop(answer.refused(409, "in_flight")),
        }
    }
    assert_eq!(told.len(), 1, "all that were told were told the same");
    let after = app.desk.log().head().await.expect("a head");
    assert_eq!(after - before, 3, "done once");
    operator
        .post("/prepayments", app.coffees(4))
        .await
        .refused(422, "key_reused");
    let head = app.desk.log().head().await.expect("a head");
    assert_eq!(head, after, "another body under the same key does nothing");
    let result = "done once; the same key with another body: 422";
    tell("100 requests with one key", engine, "1", result, 0);
}
