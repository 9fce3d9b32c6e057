use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn an_operator_admits_a_house() {
    let app = TestApp::start().await;
    let house = json!({"name": "Divadlo Na provázku", "kind": "theatre", "place_id": uuid(1)});
    let answer = app.operator().post("/venues", house).await;
    assert_eq!(answer.status, 201);
    assert!(answer.body["venue_id"].is_string());
}

#[tokio::test]
async fn a_house_needs_a_name_that_does_not_lie() {
    let app = TestApp::start().await;
    let house = json!({"name": "Kavárna\u{202e}", "kind": "cafe", "place_id": uuid(1)});
    let problem = app
        .operator()
        .post("/venues", house)
        .await
        .refused(422, "bad_value");
    assert_eq!(problem["field"], "name");
}
