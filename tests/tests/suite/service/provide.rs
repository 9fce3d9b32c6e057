use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn each_tap_counts_one() {
    let app = TestApp::start().await;
    let path = app.service_of_the_venue().await;
    let path = format!("{path}/provide");
    let first = app.staff().post(&path, json!({})).await.done();
    let second = app.staff().post(&path, json!({})).await.done();
    assert!(second["position"].as_i64() > first["position"].as_i64());
    let day = json!({"count": 14, "method": "estimated",
        "from": "2026-11-03T08:00:00Z", "to": "2026-11-03T18:00:00Z"});
    app.staff().post(&path, day).await.done();
    let none = json!({"count": 0});
    app.staff().post(&path, none).await.refused(422, "count");
}
