use serde_json::json;
use tests::app::TestApp;
use tests::client::Client;

/// A browser that has signed in with this token.
async fn browser(app: &TestApp, token: &str) -> Client {
    let answer = app
        .public()
        .post_form("/sign-in", &[("token", token)])
        .await;
    assert_eq!(answer.status, 303);
    let cookie = answer.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let cookie = cookie.split(';').next().expect("a cookie").to_owned();
    app.public().with_header("Cookie", &cookie)
}

#[tokio::test]
async fn a_session_ends_with_its_token() {
    let app = TestApp::start().await;
    let scope = json!({"scope": {"role": "operator", "import": false}});
    let granted = app.operator().post("/accesses", scope.clone()).await.done();
    let browser = browser(&app, granted["token"].as_str().expect("a token")).await;
    // The cookie is known, but nothing proves that our page sent this.
    browser
        .post("/accesses", scope.clone())
        .await
        .refused(403, "bad_csrf_token");
    let path = format!(
        "/accesses/{}/revoke",
        granted["access_id"].as_str().expect("an id")
    );
    app.operator().post(&path, json!({})).await.done();
    browser
        .post("/accesses", scope)
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_wrong_token_opens_no_session() {
    let app = TestApp::start().await;
    let answer = app
        .public()
        .post_form("/sign-in", &[("token", "sps_00")])
        .await;
    assert_eq!(answer.header("set-cookie"), "");
    answer.refused(401, "unauthenticated");
}

#[tokio::test]
async fn nobody_is_sent_to_another_site() {
    let app = TestApp::start().await;
    let fields = [
        ("token", app.token("operator")),
        ("next", "//evil.example/"),
    ];
    let answer = app.public().post_form("/sign-in", &fields).await;
    assert_eq!(answer.header("location"), "/");
}

#[tokio::test]
async fn a_forged_cookie_is_nobody() {
    let app = TestApp::start().await;
    let forged = app.public().with_header("Cookie", "sospeso_session=AAAA");
    forged
        .post("/venues", json!({}))
        .await
        .refused(401, "unauthenticated");
}

#[tokio::test]
async fn another_site_signs_nobody_in() {
    let app = TestApp::start().await;
    let elsewhere = app.public().with_header("Sec-Fetch-Site", "cross-site");
    let fields = [("token", app.token("operator"))];
    let answer = elsewhere.post_form("/sign-in", &fields).await;
    assert_eq!(answer.header("set-cookie"), "");
    assert_eq!(answer.status, 422);
}
