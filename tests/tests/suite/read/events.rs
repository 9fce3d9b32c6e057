//! The log over HTTP: searched, and read one event at a time.

use serde_json::{Value, json};
use tests::app::{TestApp, uuid};
use tests::client::Client;

use super::{position, three_coffees_and_one_used};

fn acts(answer: &Value) -> Vec<&str> {
    let events = answer["events"].as_array().expect("events");
    events
        .iter()
        .filter_map(|event| event["act"].as_str())
        .collect()
}

/// An auditor of one fund.
async fn of_fund(app: &TestApp, fund: &str) -> Client {
    let scope = json!({"role": "auditor", "fund_id": fund});
    let granted = app
        .operator()
        .post("/accesses", json!({"scope": scope}))
        .await
        .done();
    app.public()
        .with_token(granted["token"].as_str().expect("a token"))
}

async fn acts_are_found_and_read(app: TestApp) {
    let seen = three_coffees_and_one_used(&app).await;
    let auditor = app.role("auditor");
    let all = auditor
        .get(&format!("/events?min_position={seen}"))
        .await
        .done();
    assert_eq!(acts(&all)[0], "voucher.redeemed", "the newest first");
    assert_eq!(all["events"][0]["position"], seen);
    let prepaid = auditor
        .get("/events?act=voucher.prepaid&limit=2")
        .await
        .done();
    assert_eq!(acts(&prepaid), ["voucher.prepaid"; 2]);
    let cursor = prepaid["next_cursor"].as_str().expect("a cursor");
    let rest = format!("/events?act=voucher.prepaid&limit=2&cursor={cursor}");
    let rest = auditor.get(&rest).await.done();
    assert_eq!((acts(&rest).len(), &rest["next_cursor"]), (1, &Value::Null));

    let redeemed = &all["events"][0];
    let field = |name: &str| redeemed[name].as_str().expect("a text").to_owned();
    let stream = auditor
        .get(&format!("/events?stream={}", field("stream")))
        .await
        .done();
    assert_eq!(acts(&stream), ["voucher.redeemed", "voucher.prepaid"]);
    let by = auditor
        .get(&format!("/events?actor={}", field("actor")))
        .await
        .done();
    assert_eq!(
        acts(&by),
        ["voucher.redeemed"],
        "the staff did nothing else"
    );
    let since = format!("/events?from={}", field("recorded_at"));
    assert_eq!(
        acts(&auditor.get(&since).await.done())[0],
        "voucher.redeemed"
    );
    let before = format!(
        "/events?act=voucher.redeemed&until={}",
        field("recorded_at")
    );
    assert_eq!(acts(&auditor.get(&before).await.done()).len(), 0);
    auditor
        .get("/events?cursor=zz")
        .await
        .refused(400, "bad_cursor");

    let one = auditor
        .get(&format!("/events/{}", field("event_id")))
        .await
        .done();
    let entry = hex::decode(one["entry"].as_str().expect("bytes")).expect("hex");
    let leaf = hex::encode(domain::entry::leaf_hash(&entry));
    assert_eq!(one["leaf_hash"], leaf);
    let payload = one["payload"].as_str().expect("a text");
    assert!(payload.starts_with("{\"redeemed\":"), "{payload}");
    auditor
        .get(&format!("/events/{}", uuid(404)))
        .await
        .refused(404, "not_found");
    let foreign = app
        .foreign_operator()
        .get(&format!("/events/{}", field("event_id")))
        .await;
    foreign.refused(404, "not_found");
}

#[tokio::test]
async fn acts_are_found_and_read_on_sqlite() {
    acts_are_found_and_read(TestApp::start().await).await;
}

#[tokio::test]
async fn acts_are_found_and_read_on_postgres() {
    acts_are_found_and_read(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn a_correction_is_told_beside_what_it_corrects() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id"), "count": 1}});
    let used = app.staff().post(&path, coffee).await.done();
    let voucher = prepaid["voucher_ids"][0].as_str().expect("an id");
    let path = format!("/vouchers/{voucher}/reverse-redemption");
    let redemption = &used["redemptions"][0]["redemption_id"];
    let back = json!({"redemption_id": redemption, "reason": "mistake"});
    let seen = position(&app.staff().post(&path, back).await.done());
    let auditor = app.role("auditor");
    let found = auditor
        .get(&format!("/events?stream={voucher}&min_position={seen}"))
        .await
        .done();
    let id = |place: usize| {
        found["events"][place]["event_id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let reversal = auditor.get(&format!("/events/{}", id(0))).await.done();
    assert_eq!(reversal["corrects"]["event_id"], id(1), "{reversal}");
    let redeemed = auditor.get(&format!("/events/{}", id(1))).await.done();
    assert_eq!(redeemed["corrected_by"][0]["event_id"], id(0), "{redeemed}");
}

#[tokio::test]
async fn an_auditor_of_one_fund_reads_that_fund() {
    let app = TestApp::start().await;
    let mut of_the_grant = app.coffees(1);
    of_the_grant["fund_id"] = app.id("fund_id").into();
    app.coffees_on_board(2).await;
    let seen = position(
        &app.operator()
            .post("/prepayments", of_the_grant)
            .await
            .done(),
    );
    let auditor = of_fund(&app, app.id("fund_id")).await;
    let found = auditor
        .get(&format!("/events?min_position={seen}"))
        .await
        .done();
    assert_eq!(acts(&found), ["voucher.prepaid", "fund.opened"]);
    let all = app
        .role("auditor")
        .get("/events?act=voucher.prepaid")
        .await
        .done();
    assert_eq!(acts(&all).len(), 3);
    let other = all["events"][1]["event_id"].as_str().expect("an id");
    auditor
        .get(&format!("/events/{other}"))
        .await
        .refused(404, "not_found");
}
