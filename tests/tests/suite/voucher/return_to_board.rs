use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_voucher_returns_when_no_code_is_out() {
    let app = TestApp::start().await;

    let (voucher, _) = app.a_code().await;
    let path = |act: &str| format!("/vouchers/{voucher}/{act}");
    let early = app
        .operator()
        .post(&path("return-to-board"), json!({}))
        .await;
    early.refused(409, "code_is_valid");
    let revoke = json!({"reason": "returned"});
    app.operator()
        .post(&path("revoke-code"), revoke)
        .await
        .done();
    app.operator()
        .post(&path("return-to-board"), json!({}))
        .await
        .done();
    let coffee = json!({"by": {"type": "board", "item_id": app.id("item_id")}});
    let redeem = format!("/venues/{}/redeem", app.id("venue_id"));
    app.staff().post(&redeem, coffee).await.done();
}
