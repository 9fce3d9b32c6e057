use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_donors_wish_reaches_only_what_nobody_may_hold() {
    let app = TestApp::start().await;

    let (voucher, _) = app.a_code().await;
    let path = |act: &str| format!("/vouchers/{voucher}/{act}");
    let wish = json!({"reason": "donors_wish"});
    let out = app.operator().post(&path("refund"), wish.clone()).await;
    out.refused(409, "handed_over");
    let lost = json!({"reason": "lost"});
    app.operator().post(&path("revoke-code"), lost).await.done();
    app.operator()
        .post(&path("refund"), wish.clone())
        .await
        .done();
    let foreign = app.role("donor").post(&path("refund"), wish).await;
    foreign.refused(404, "not_found");
}
