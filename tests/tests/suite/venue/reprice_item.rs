use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_new_price_does_not_touch_what_was_prepaid() {
    let app = TestApp::start().await;

    app.coffees_on_board(1).await;
    let venue = app.id("venue_id");
    let price = json!({"item_id": app.id("item_id"), "price_minor": 7000});
    let path = format!("/venues/{venue}/reprice-item");
    app.staff().post(&path, price).await.done();
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let path = format!("/venues/{venue}/redeem");
    let used = app.staff().post(&path, coffee).await.done();
    assert_eq!(used["redemptions"][0]["settled_minor"], 6500);
    let (_, code) = app.a_code().await;
    let to = json!({"code": code, "venue_id": venue});
    let checked = app.staff().post("/vouchers/check", to).await.done();
    assert_eq!(checked["remaining_minor"], 7000);
}
