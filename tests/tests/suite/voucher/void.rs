use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn what_was_used_is_not_voided() {
    let app = TestApp::start().await;

    let prepaid = app.coffees_on_board(2).await;
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    app.staff().post(&redeem, coffee).await.done();
    let path = |number: usize| {
        let voucher = prepaid["voucher_ids"][number].as_str().expect("an id");
        format!("/vouchers/{voucher}/void")
    };
    let error = json!({"reason": "entry_error"});
    let used = app.operator().post(&path(0), error.clone()).await;
    used.refused(409, "already_redeemed");
    app.operator().post(&path(1), error).await.done();
}
