use chrono::TimeDelta;
use commands::clock::Clock;
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

/// A key is remembered for days and what was made under it for ever: also by a gateway that was not there.
#[tokio::test]
async fn a_key_whose_answer_was_forgotten_makes_nothing_twice() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("long ago");
    let first = operator.post("/organisations", ngo("U Lva")).await.done();
    let log = app.desk.log();
    let later = app.desk.clock().now() + TimeDelta::seconds(1);
    let head = log.head().await;
    let (_ending, beside) = app.beside(Clock::system()).await;
    for gateway in [&beside, &app.root] {
        assert!(log.prune_answers(later, 100).await.expect("pruned") > 0);
        let operator = operator.at(gateway);
        let again = operator.post("/organisations", ngo("U Lva")).await;
        assert_eq!(again.header("idempotency-replayed"), "");
        assert_eq!(again.done()["organisation_id"], first["organisation_id"]);
    }
    assert_eq!(log.head().await, head);
}

/// The id of a prepayment has its time, so only the kept answer tells that it was made.
#[tokio::test]
async fn a_prepayment_is_not_made_twice_however_late_it_is_sent_again() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("long ago");
    let made = operator.post("/prepayments", app.coffees(2)).await.done();
    let log = app.desk.log();
    let later = app.desk.clock().now() + TimeDelta::days(90);
    log.prune_answers(later, 100).await.expect("pruned");
    let head = log.head().await;
    let (_ending, beside) = app.beside(Clock::starting_at(later)).await;
    let operator = operator.at(&beside);
    let again = operator.post("/prepayments", app.coffees(2)).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.done(), made);
    assert_eq!(log.head().await, head);
}

/// A refusal may have been for a reason that is gone.
#[tokio::test]
async fn a_prepayment_that_was_refused_may_be_sent_again_once_that_is_forgotten() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("long ago");
    let refused = operator.post("/prepayments", app.coffees(0)).await;
    refused.refused(422, "quantity");
    let later = app.desk.clock().now() + TimeDelta::days(90);
    let pruned = app.desk.log().prune_answers(later, 100).await;
    assert!(pruned.expect("pruned") > 0);
    operator.post("/prepayments", app.coffees(1)).await.done();
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
