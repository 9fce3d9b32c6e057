use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_pause_ends_in_the_future() {
    let app = TestApp::start().await;
    let path = app.service_of_the_venue().await;
    let path = format!("{path}/pause");
    app.staff().post(&path, json!({})).await.done();
    let over = json!({"until": "2020-01-01T00:00:00Z"});
    app.staff()
        .post(&path, over)
        .await
        .refused(422, "bad_period");
}
