use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_revoked_code_buys_nothing() {
    let app = TestApp::start().await;

    let (voucher, code) = app.a_code().await;
    let path = format!("/vouchers/{voucher}/revoke-code");
    app.operator()
        .post(&path, json!({"reason": "lost"}))
        .await
        .done();
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    let used = json!({"by": {"type": "code", "code": code}});
    app.staff()
        .post(&path, used)
        .await
        .refused(409, "code_revoked");
}
