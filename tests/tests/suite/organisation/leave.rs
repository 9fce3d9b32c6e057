use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn an_organisation_that_left_gets_no_vouchers() {
    let app = TestApp::start().await;

    let organisation = app.id("organisation_id");
    let path = format!("/organisations/{organisation}/leave");
    app.operator().post(&path, json!({})).await.done();
    let mut coffees = app.coffees(1);
    coffees["placed"] = json!({"type": "organisation", "organisation_id": organisation});
    let late = app.operator().post("/prepayments", coffees).await;
    late.refused(404, "unknown_organisation");
}
