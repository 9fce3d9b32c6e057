//! What happens when too much is asked at once, or an answer takes too long.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use axum::response::Response;
use commands::clock::Clock;
use gateway::app::App;
use gateway::auth::session::SessionKey;
use gateway::limits::{self, Limits};
use gateway::settings::{Secrets, Settings};
use gateway::{routes, wiring};
use tower::ServiceExt;

/// What a gateway with these limits answers to its simplest question.
async fn livez(limits: Limits) -> Response {
    let folder = tempfile::tempdir().expect("a folder");
    let (settings, secrets) = (Settings::default(), Secrets::draw());
    let engines = wiring::engines(folder.path(), &settings, &secrets, Clock::system()).await;
    let engines = engines.expect("engines");
    let sessions = SessionKey::new(secrets.session);
    let mut app = App::new(engines.desk, engines.views, engines.evidence, sessions);
    app.limits = limits;
    let request = Request::get("/livez").body(Body::empty());
    let answer = routes::router(Arc::new(app)).oneshot(request.expect("a request"));
    answer.await.expect("an answer")
}

async fn code(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 10_000).await;
    let problem: serde_json::Value =
        serde_json::from_slice(&bytes.expect("a body")).expect("a problem");
    problem["code"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn whoever_comes_when_all_places_are_taken_comes_again() {
    let busy = livez(Limits::new(0, Duration::from_secs(1))).await;
    assert_eq!(busy.status(), 503);
    assert_eq!(busy.headers()["retry-after"], "1");
    assert_eq!(busy.headers()["x-content-type-options"], "nosniff");
    assert_eq!(code(busy).await, "busy");
}

#[tokio::test]
async fn there_is_a_place_for_the_first() {
    let free = livez(Limits::new(1, Duration::from_secs(10))).await;
    assert_eq!(free.status(), 200);
}

#[tokio::test]
async fn a_panic_tells_nothing_but_its_number() {
    let answer = limits::caught(Box::new("the name of somebody"));
    assert_eq!(answer.status(), 500);
    let bytes = axum::body::to_bytes(answer.into_body(), 10_000).await;
    let text = String::from_utf8(bytes.expect("a body").to_vec()).expect("UTF-8");
    assert!(
        text.contains("incident") && !text.contains("somebody"),
        "{text}"
    );
}
