use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_suspended_venue_takes_vouchers_again() {
    let app = TestApp::start().await;

    app.coffees_on_board(1).await;
    let path = |act: &str| format!("/venues/{}/{act}", app.id("venue_id"));
    let refund = json!({"vouchers": {"type": "refund"}, "effective_at": "2199-01-02T03:00:00Z"});
    app.operator().post(&path("suspend"), refund).await.done();
    app.operator().post(&path("resume"), json!({})).await.done();
    let there = app.staff().get(&path("disposal")).await.done();
    assert_eq!(there["status"], "not_asked");
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    app.staff().post(&path("redeem"), coffee).await.done();
}
