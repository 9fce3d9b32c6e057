use serde_json::json;
use tests::app::TestApp;

use super::{position, three_coffees_and_one_used};

#[tokio::test]
async fn anybody_reads_where_to_go_and_what_waits_there() {
    let app = TestApp::start().await;
    let seen = three_coffees_and_one_used(&app).await;
    let path = format!("/venue-availability?min_position={seen}&on_board=true&item_kind=hot_drink");
    let answer = app.public().get(&path).await;
    assert_eq!(answer.header("cache-control"), "no-cache");
    assert!(!answer.header("etag").is_empty());
    let answer = answer.done();
    assert_eq!(answer["view"]["reached"], true);
    let host = &answer["hosts"][0];
    assert_eq!(host["venue_id"], app.id("venue_id"));
    assert_eq!(host["items"][0]["on_board"], 2);
    assert_eq!(host["opening"]["state"], "unknown");
}

#[tokio::test]
async fn hours_that_the_staff_set_are_seen_at_once() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/set-hours", app.id("venue_id"));
    let set = json!({"opening_hours": "24/7"});
    let seen = position(&app.staff().post(&path, set).await.done());
    let path = format!("/venue-availability?min_position={seen}&text=lva");
    let answer = app.public().get(&path).await.done();
    assert_eq!(answer["hosts"][0]["opening"]["state"], "open");
}

#[tokio::test]
async fn the_nearest_come_first_and_half_a_circle_is_refused() {
    let app = TestApp::start().await;
    let seen = three_coffees_and_one_used(&app).await;
    let circle = "latitude=50.1&longitude=14.4&radius_m=50000";
    let path = format!("/venue-availability?min_position={seen}&{circle}");
    let near = app.public().get(&path).await.done();
    assert!(near["hosts"][0]["distance_m"].as_i64().expect("a distance") > 0);
    for half in [
        "latitude=50",
        "radius_m=5",
        "latitude=91&longitude=0",
        "latitude=50&longitude=14&radius_m=0",
    ] {
        let path = format!("/venue-availability?{half}");
        app.public().get(&path).await.refused(400, "bad_query");
    }
}
