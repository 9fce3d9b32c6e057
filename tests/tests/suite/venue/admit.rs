use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn an_operator_admits_a_house() {
    let app = TestApp::start().await;
    let house =
        json!({"name": "Divadlo Na provázku", "kind": "theatre", "place_id": app.id("place_id")});
    let answer = app.operator().post("/venues", house).await;
    assert_eq!(answer.status, 201);
    assert!(answer.body["venue_id"].is_string());
}

#[tokio::test]
async fn a_house_needs_a_name_that_does_not_lie() {
    let app = TestApp::start().await;
    let house = json!({"name": "Kavárna\u{202e}", "kind": "cafe", "place_id": app.id("place_id")});
    let problem = app
        .operator()
        .post("/venues", house)
        .await
        .refused(422, "bad_value");
    assert_eq!(problem["field"], "name");
}

#[tokio::test]
async fn a_house_stands_at_an_open_place_of_the_network() {
    let app = TestApp::start().await;
    let house = |place: &str| json!({"name": "A", "kind": "cafe", "place_id": place});
    let nowhere = app.operator().post("/venues", house(&uuid(1))).await;
    nowhere.refused(404, "not_found");
    let close = format!("/places/{}/close", app.id("place_id"));
    app.operator().post(&close, json!({})).await.done();
    let closed = app
        .operator()
        .post("/venues", house(app.id("place_id")))
        .await;
    closed.refused(409, "place_closed");
}
