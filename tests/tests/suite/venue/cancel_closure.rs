use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn a_closure_is_cancelled() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/announce-closure", app.id("venue_id"));

    let closure = app
        .staff()
        .post(&path, json!({"reason": "repairs"}))
        .await
        .done();
    let path = format!("/venues/{}/cancel-closure", app.id("venue_id"));
    let which = |id: &str| json!({"closure_id": id});
    let known = closure["closure_id"].as_str().expect("an id");
    app.staff().post(&path, which(known)).await.done();
    let unknown = app.staff().post(&path, which(&uuid(9))).await;
    unknown.refused(404, "unknown_closure");
}
