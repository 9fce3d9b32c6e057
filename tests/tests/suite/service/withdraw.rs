use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn what_is_withdrawn_is_not_paused() {
    let app = TestApp::start().await;
    let path = app.service_of_the_venue().await;
    app.staff()
        .post(&format!("{path}/withdraw"), json!({}))
        .await
        .done();
    let late = app.staff().post(&format!("{path}/pause"), json!({})).await;
    late.refused(409, "withdrawn");
}
