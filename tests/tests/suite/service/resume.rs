use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_paused_service_is_there_again() {
    let app = TestApp::start().await;
    let path = app.service_of_the_venue().await;
    let pause = app
        .staff()
        .post(&format!("{path}/pause"), json!({}))
        .await
        .done();
    let resume = app
        .staff()
        .post(&format!("{path}/resume"), json!({}))
        .await
        .done();
    assert!(resume["position"].as_i64() > pause["position"].as_i64());
}
