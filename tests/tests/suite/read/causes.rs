//! What followed from what: an auditor goes from an act to its effects, and from each back to it.

use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Client;
use tests::neighbours::{moving, shopping};
use tests::wait;

/// The newest event of this type, once the index shows one.
async fn newest(auditor: &Client, act: &str) -> Value {
    wait::until(act, async || {
        let found = auditor.get(&format!("/events?act={act}")).await.done();
        Some(found["events"][0].clone()).filter(|event| !event.is_null())
    })
    .await
}

async fn read(auditor: &Client, event: &Value) -> Value {
    let id = event["event_id"].as_str().expect("an id");
    auditor.get(&format!("/events/{id}")).await.done()
}

/// The acts that an event caused, once there are as many, and each of them names it as its cause.
async fn effects(auditor: &Client, event: &Value, count: usize) -> Vec<String> {
    let caused = wait::until("the effects", async || {
        let caused = read(auditor, event).await["effects"].as_array()?.clone();
        (caused.len() == count).then_some(caused)
    });
    let mut acts = Vec::new();
    for effect in caused.await {
        let effect = read(auditor, &effect).await;
        assert_eq!(effect["cause"]["event_id"], event["event_id"], "{effect}");
        acts.push(effect["event_type"].as_str().expect("an act").to_owned());
    }
    acts.sort();
    acts
}

fn correlation(event: &Value) -> Value {
    let metadata = event["metadata"].as_str().expect("a text");
    let metadata: Value = serde_json::from_str(metadata).expect("JSON");
    metadata["correlation"].clone()
}

/// What the vouchers of a suspended venue went through, and who is seen to be behind it.
async fn of_a_suspended_venue(app: TestApp) {
    app.coffees_on_board(2).await;
    let auditor = app.role("auditor");
    let (other, _) = app.another_cafe(7000).await;
    let path = format!("/venues/{}/suspend", app.id("venue_id"));
    let there = json!({"vouchers": {"type": "rehome_to", "venue_id": other}});
    assert_eq!(app.operator().post(&path, there).await.status, 202);
    let suspended = newest(&auditor, "venue.suspended").await;
    assert_eq!(
        effects(&auditor, &suspended, 3).await,
        [
            "venue.vouchers_disposed",
            "voucher.rehomed",
            "voucher.rehomed"
        ]
    );
    let whole = read(&auditor, &suspended).await;
    assert_eq!(whole["cause"], Value::Null, "a person did that");
    let moved = newest(&auditor, "voucher.rehomed").await;
    let moved = read(&auditor, &moved).await;
    assert_eq!(correlation(&moved), correlation(&whole));
}

#[tokio::test]
async fn vouchers_move_because_their_venue_was_suspended() {
    of_a_suspended_venue(TestApp::start().await).await;
}

#[tokio::test]
async fn vouchers_move_because_their_venue_was_suspended_on_postgres() {
    of_a_suspended_venue(TestApp::on_postgres().await).await;
}

/// What ends with a person who is erased: the request, the work for it, and the membership, with
/// which the claims end.
async fn of_an_erased_person(app: TestApp) {
    let operator = app.operator();
    let subject = json!({"kind": "member", "basis": "consent", "notice_version": "2026-01"});
    let subject = operator.post("/subjects", subject).await.done()["subject_id"].clone();
    let member = json!({"subject_id": subject, "languages": ["cs"]});
    let member = operator.post("/members", member).await.done();
    let scope = json!({"role": "member", "member_id": member["member_id"]});
    let access = operator.post("/accesses", json!({"scope": scope})).await;
    let token = access.done()["token"].as_str().expect("a token").to_owned();
    let mut asked = shopping();
    asked["subject_id"] = subject.clone();
    let request = operator.post("/help-requests", asked).await.done();
    let mut work = moving(1);
    work["help_request_id"] = request["help_request_id"].clone();
    operator.post("/tasks", work).await.done();
    let claimed = operator.post("/tasks", moving(1)).await.done();
    let claim = format!(
        "/tasks/{}/claim",
        claimed["task_id"].as_str().expect("an id")
    );
    let by = app.public().with_token(&token);
    by.post(&claim, json!({})).await.done();

    let path = format!("/subjects/{}/erase", subject.as_str().expect("an id"));
    operator
        .post(&path, json!({"reason": "asked"}))
        .await
        .done();
    let auditor = app.role("auditor");
    let erased = newest(&auditor, "subject.erased").await;
    assert_eq!(
        effects(&auditor, &erased, 3).await,
        ["help_request.withdrawn", "member.left", "task.cancelled"]
    );
    let left = newest(&auditor, "member.left").await;
    assert_eq!(effects(&auditor, &left, 1).await, ["task.released"]);
    let released = newest(&auditor, "task.released").await;
    let (released, erased) = (
        read(&auditor, &released).await,
        read(&auditor, &erased).await,
    );
    assert_eq!(correlation(&released), correlation(&erased), "one chain");
}

#[tokio::test]
async fn a_request_ends_because_the_person_was_erased() {
    of_an_erased_person(TestApp::start().await).await;
}

#[tokio::test]
async fn a_request_ends_because_the_person_was_erased_on_postgres() {
    of_an_erased_person(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn a_second_step_of_one_request_follows_from_the_first() {
    let app = TestApp::start().await;
    let auditor = app.role("auditor");
    let mut prepayment = app.coffees(1);
    prepayment["giver"] = json!({"type": "new"});
    app.operator().post("/prepayments", prepayment).await.done();
    newest(&auditor, "voucher.prepaid").await;
    let registered = newest(&auditor, "donor.registered").await;
    assert_eq!(effects(&auditor, &registered, 1).await, ["access.granted"]);
    let founded = newest(&auditor, "network.founded").await;
    assert_eq!(effects(&auditor, &founded, 1).await, ["fund.opened"]);
}
