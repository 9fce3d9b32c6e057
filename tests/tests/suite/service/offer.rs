use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_service_is_offered_by_whoever_provides_it() {
    let app = TestApp::start().await;

    let water = app.a_service(&json!({"type": "venue", "venue_id": app.id("venue_id")}));
    let offered = app.staff().post("/services", water.clone()).await;
    assert_eq!(offered.status, 201);
    let foreign = app.role("organisation").post("/services", water).await;
    foreign.refused(404, "not_found");
    let id = app.id("organisation_id");
    let theirs = app.a_service(&json!({"type": "organisation", "organisation_id": id}));
    app.role("organisation")
        .post("/services", theirs)
        .await
        .done();
}

#[tokio::test]
async fn a_provider_that_left_offers_nothing() {
    let app = TestApp::start().await;
    let leave = format!("/venues/{}/leave", app.id("venue_id"));
    let refund = json!({"vouchers": {"type": "refund"}});
    app.operator().post(&leave, refund).await.done();
    let water = app.a_service(&json!({"type": "venue", "venue_id": app.id("venue_id")}));
    let late = app.staff().post("/services", water).await;
    late.refused(409, "provider_unknown");
}
