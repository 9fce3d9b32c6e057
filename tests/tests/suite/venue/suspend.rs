use serde_json::json;
use tests::app::TestApp;
use tests::wait;

#[tokio::test]
async fn a_suspended_venue_takes_no_vouchers() {
    let app = TestApp::start().await;

    app.coffees_on_board(2).await;
    let venue = app.id("venue_id");
    let path = format!("/venues/{venue}/suspend");
    let refund = json!({"vouchers": {"type": "refund"}});
    let answer = app.operator().post(&path, refund).await;
    assert_eq!(answer.status, 202);
    let progress = format!("/api/v1/networks/praha/venues/{venue}/disposal");
    assert_eq!(answer.header("location"), progress);
    assert_eq!(answer.body["disposal"], progress);
    let disposal = format!("/venues/{venue}/disposal");
    let there = wait::until("the vouchers to be refunded", async || {
        let there = app.staff().get(&disposal).await.done();
        Some(there).filter(|there| there["status"] == "done")
    });
    let there = there.await;
    assert_eq!((&there["count"], &there["left"]), (&json!(2), &json!(0)));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let used = app
        .staff()
        .post(&format!("/venues/{venue}/redeem"), coffee)
        .await;
    used.refused(409, "venue_suspended");
}
