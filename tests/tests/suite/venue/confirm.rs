use domain::venue::Venue;
use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn one_tap_says_that_all_is_still_true() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/confirm", app.id("venue_id"));

    let all = json!({"what": "all"});
    app.staff().post(&path, all.clone()).await.done();
    let last = app.last_of::<Venue>(app.id("venue_id")).await;
    assert_eq!(last.event_type, "venue.confirmed");
    let foreign = format!("/venues/{}/confirm", uuid(99));
    app.staff()
        .post(&foreign, all)
        .await
        .refused(404, "not_found");
}
