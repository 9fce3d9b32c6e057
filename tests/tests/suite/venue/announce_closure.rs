use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_closure_is_announced_and_ends_after_it_begins() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/announce-closure", app.id("venue_id"));

    let closure = app.staff().post(&path, json!({"reason": "staff"})).await;
    assert_eq!(closure.status, 201);
    assert!(closure.body["closure_id"].is_string());
    let over = json!({"reason": "holiday", "to": "2020-01-01T00:00:00Z"});
    let over = app.staff().post(&path, over).await;
    over.refused(422, "bad_period");
}
