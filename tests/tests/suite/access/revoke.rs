use serde_json::json;
use tests::app::TestApp;

#[tokio::test]
async fn a_revoked_token_stops_at_once() {
    let app = TestApp::start().await;
    let scope = json!({"scope": {"role": "operator", "import": false}});
    let granted = app.operator().post("/accesses", scope.clone()).await.done();
    let other = app
        .public()
        .with_token(granted["token"].as_str().expect("a token"));
    other.post("/accesses", scope.clone()).await.done();
    let path = format!(
        "/accesses/{}/revoke",
        granted["access_id"].as_str().expect("an id")
    );
    app.operator().post(&path, json!({})).await.done();
    other
        .post("/accesses", scope)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn what_was_never_granted_is_not_revoked() {
    let app = TestApp::start().await;
    let path = format!("/accesses/{}/revoke", tests::app::uuid(99));
    app.operator()
        .post(&path, json!({}))
        .await
        .refused(404, "not_found");
    app.operator()
        .post("/accesses/nobody/revoke", json!({}))
        .await
        .refused(404, "not_found");
}
