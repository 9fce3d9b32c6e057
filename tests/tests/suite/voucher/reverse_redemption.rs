use chrono::TimeDelta;
use commands::clock::Clock;
use serde_json::{Value, json};
use tests::app::TestApp;

#[tokio::test]
async fn staff_takes_a_use_back_and_the_coffee_is_on_the_board_again() {
    let app = TestApp::start().await;

    app.coffees_on_board(1).await;
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let used = app.staff().post(&redeem, coffee.clone()).await.done();
    let (path, undo) = undo(&used);
    app.staff().post(&path, undo.clone()).await.done();
    let twice = app.staff().post(&path, undo).await.done();
    assert!(twice["position"].is_i64());
    app.staff().post(&redeem, coffee).await.done();
}

#[tokio::test]
async fn staff_has_fifteen_minutes_and_the_operator_longer() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    let at = Clock::system().now() - TimeDelta::minutes(16);
    let earlier = app.staff().with_header("Occurred-At", &at.to_rfc3339());
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let used = earlier.post(&redeem, coffee).await.done();
    let (path, undo) = undo(&used);
    app.staff()
        .post(&path, undo.clone())
        .await
        .refused(409, "too_late");
    app.operator().post(&path, undo).await.done();
}

fn undo(used: &Value) -> (String, Value) {
    let used = &used["redemptions"][0];
    let voucher = used["voucher_id"].as_str().expect("an id");
    let body = json!({"redemption_id": used["redemption_id"], "reason": "mistake"});
    (format!("/vouchers/{voucher}/reverse-redemption"), body)
}
