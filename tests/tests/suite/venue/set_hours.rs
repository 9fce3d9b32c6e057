use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_venue_says_when_it_is_open() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/set-hours", app.id("venue_id"));

    let hours = |text: &str| json!({"opening_hours": text});
    let set = app
        .staff()
        .post(&path, hours("Mo-Fr 08:00-18:00; PH off"))
        .await;
    assert!(set.done()["position"].is_i64());
    let nonsense = app.staff().post(&path, hours("whenever")).await;
    nonsense.refused(422, "not_hours");
}
