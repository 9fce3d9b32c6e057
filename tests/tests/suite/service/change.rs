use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_service_gets_other_hours() {
    let app = TestApp::start().await;
    let path = app.service_of_the_venue().await;
    let path = format!("{path}/change");
    let evening = json!({"hours": "Mo-Fr 16:00-22:00", "capacity": 6});
    app.staff().post(&path, evening).await.done();
    let nobody = json!({"capacity": 0});
    app.staff()
        .post(&path, nobody)
        .await
        .refused(422, "bad_details");
    let foreign = app.role("organisation").post(&path, json!({})).await;
    foreign.refused(404, "not_found");
}
