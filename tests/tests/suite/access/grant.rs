use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_token_is_shown_once_and_opens() {
    let app = TestApp::start().await;
    let operator = app.operator().with_key("the staff's token");
    let scope = json!({"scope": {"role": "venue", "venue_id": app.id("venue_id")}});
    let granted = operator.post("/accesses", scope.clone()).await.done();
    let staff = app
        .public()
        .with_token(granted["token"].as_str().expect("a token"));
    let path = format!("/venues/{}/list-item", app.id("venue_id"));
    let soup = json!({"kind": "soup", "name": "Polévka", "price_minor": 5500});
    staff.post(&path, soup).await.done();

    let again = operator.post("/accesses", scope).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.body["access_id"], granted["access_id"]);
    assert_eq!(again.body["secret_already_shown"], true);
    assert!(again.body["token"].is_null());
}

#[tokio::test]
async fn a_venue_of_another_network_gets_no_token() {
    let app = TestApp::start().await;
    let scope = json!({"scope": {"role": "venue", "venue_id": app.id("venue_id")}});
    app.foreign_operator()
        .post("/accesses", scope)
        .await
        .refused(404, "not_found");
}
