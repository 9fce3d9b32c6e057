use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn whoever_is_turned_away_counts() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/turn-away", app.id("venue_id"));

    let what = json!({"type": "service", "service_kind": "shower"});
    let one =
        json!({"what": what, "reason": "capacity_full", "come_back_at": "2026-11-20T16:00:00Z"});
    app.staff().post(&path, one).await.done();
    let none = json!({"what": what, "reason": "closed", "count": 0});
    app.staff().post(&path, none).await.refused(422, "count");
}
