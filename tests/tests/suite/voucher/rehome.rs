use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_voucher_moves_to_another_venue_and_its_code_stays_valid() {
    let app = TestApp::start().await;

    let (voucher, code) = app.a_code().await;
    let (other, espresso) = app.another_cafe(6000).await;
    let path = format!("/vouchers/{voucher}/rehome");
    let to = json!({"venue_id": other, "item_id": espresso});
    let moved = json!({"from_venue": app.id("venue_id"), "to": to});
    app.operator().post(&path, moved).await.done();
    let used = json!({"by": {"type": "code", "code": code}});
    let old = format!("/venues/{}/redeem", app.id("venue_id"));
    app.staff()
        .post(&old, used.clone())
        .await
        .refused(409, "wrong_venue");
    let used = app
        .operator()
        .post(&format!("/venues/{other}/redeem"), used)
        .await
        .done();
    assert_eq!(used["redemptions"][0]["settled_minor"], 6000);
}
