use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn an_organisation_joins() {
    let app = TestApp::start().await;

    let school = json!({"name": "ZŠ Vodičkova", "kind": "school", "agreement": "2026/14"});
    let joined = app.operator().post("/organisations", school).await;
    assert_eq!(joined.status, 201);
    let strange = json!({"name": "A", "kind": "sect"});
    let strange = app.operator().post("/organisations", strange).await;
    assert_eq!(strange.refused(422, "bad_value")["field"], "kind");
}
