use futures::future::join_all;
use serde_json::{Value, json};
use tests::app::TestApp;

fn ngo(name: &str) -> Value {
    json!({"name": name, "kind": "ngo"})
}

#[tokio::test]
async fn the_same_request_again_gives_the_same_answer() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("once");
    let first = operator.post("/organisations", ngo("U Lva")).await;
    let again = operator
        .post_text(
            "/organisations",
            &ngo("U Lva").to_string().replace(',', " , "),
        )
        .await;
    assert_eq!((first.status, &first.body), (again.status, &again.body));
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn the_same_key_for_something_else_is_refused() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("once");
    operator.post("/organisations", ngo("U Lva")).await.done();
    operator
        .post("/organisations", ngo("U Bílého"))
        .await
        .refused(422, "key_reused");
    let dated = operator.with_header("Occurred-At", "2026-01-01T00:00:00Z");
    let _ = dated.post("/organisations", ngo("U Lva")).await;
    let item = json!({"kind": "soup", "name": "Polévka", "price_minor": 1});
    let path = format!("/venues/{}/list-item", app.id("venue_id"));
    operator.post(&path, item).await.refused(422, "key_reused");
}

/// A key is remembered for days and what was made under it for ever.
#[tokio::test]
async fn a_key_whose_answer_was_forgotten_makes_nothing_twice() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("long ago");
    let made = operator.post("/prepayments", app.coffees(2)).await.done();
    let log = app.desk.log();
    let later = app.desk.clock().now() + chrono::TimeDelta::seconds(1);
    assert!(log.prune_answers(later, 100).await.expect("pruned") > 0);
    let head = log.head().await;
    let again = operator.post("/prepayments", app.coffees(2)).await;
    again.refused(409, "already_prepaid");
    assert_eq!(log.head().await, head);
    let vouchers = made["voucher_ids"].as_array().map(Vec::len);
    assert_eq!(vouchers, Some(2));
}

#[tokio::test]
async fn two_people_may_use_one_key() {
    let app = TestApp::start().await;
    let item = json!({"kind": "soup", "name": "Polévka", "price_minor": 5500});
    let path = format!("/venues/{}/list-item", app.id("venue_id"));
    let one = app
        .operator()
        .with_key("k")
        .post(&path, item.clone())
        .await
        .done();
    let other = app.staff().with_key("k").post(&path, item).await.done();
    assert_ne!(one["item_id"], other["item_id"]);
}

/// Whoever presses twice gets one act: the second press waits its turn, or meets the answer.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_worked_on_does_nothing_twice() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("pressed twice");
    let answers = join_all((0..16).map(|_| operator.post("/organisations", ngo("U Lva")))).await;
    let mut made = std::collections::BTreeSet::new();
    for answer in answers {
        match answer.status {
            201 => {
                made.insert(answer.body["organisation_id"].to_string());
            }
            _ => {
                answer.refused(409, "in_flight");
            }
        }
    }
    assert_eq!(made.len(), 1);
}

#[tokio::test]
async fn nothing_is_done_without_a_key() {
    let app = TestApp::start().await;
    let nameless = app.operator().with_key("");
    let answer = nameless.post("/organisations", ngo("U Lva")).await;
    answer.refused(400, "idempotency_key_missing");
    let long = app.operator().with_key(&"k".repeat(201));
    long.post("/organisations", ngo("U Lva"))
        .await
        .refused(400, "bad_key");
}
