use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn what_is_off_the_list_is_prepaid_no_more_but_still_handed_out() {
    let app = TestApp::start().await;

    app.coffees_on_board(1).await;
    let (venue, item) = (app.id("venue_id"), json!({"item_id": app.id("item_id")}));
    let path = format!("/venues/{venue}/delist-item");
    app.staff().post(&path, item).await.done();
    let more = app.operator().post("/prepayments", app.coffees(1)).await;
    more.refused(404, "unknown_item");
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let path = format!("/venues/{venue}/redeem");
    app.staff().post(&path, coffee).await.done();
}
