use reqwest::Method;
use tests::app::TestApp;

#[tokio::test]
async fn probes_and_the_document_need_no_token() {
    let app = TestApp::start().await;
    assert_eq!(app.public().get_root("/livez").await.status, 200);
    assert_eq!(app.public().get_root("/readyz").await.done()["ready"], true);
    let document = app.public().get_root("/openapi.json").await.done();
    assert_eq!(document["openapi"], "3.1.0");
}

#[tokio::test]
async fn metrics_know_the_route_and_no_id() {
    let app = TestApp::start().await;
    let path = format!("/venues/{}/redeem", app.id("venue_id"));
    app.staff()
        .post(&path, serde_json::json!({}))
        .await
        .refused(422, "bad_value");
    let metrics = app.public().get_root("/metrics").await.body.to_string();
    assert!(metrics.contains("/api/v1/networks/{network}/venues/{venue_id}/redeem"));
    assert!(!metrics.contains(app.id("venue_id")));
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestApp::start().await;
    app.public()
        .get_root("/nowhere")
        .await
        .refused(404, "not_found");
    let operator = app.operator();
    let path = "/api/v1/networks/praha/venues";
    let answer = operator.send(Method::DELETE, path, None).await;
    assert_eq!(answer.header("allow"), "POST");
    answer.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn browsers_are_told_what_not_to_do() {
    let app = TestApp::start().await;
    let answer = app.public().get_root("/livez").await;
    assert!(
        answer
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
}
