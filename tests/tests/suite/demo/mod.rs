//! The main job: the real binary's demo, looked at from outside.

mod refusals;
mod same_answers;
mod story;

use serde_json::Value;

/// The day of the story in these tests.
const TODAY: [&str; 2] = ["--today", "2026-11-20"];

/// Asks a running demo as one of its roles, or as anybody.
async fn ask(url: &str, path: &str, token: Option<&str>) -> Value {
    let mut request = reqwest::Client::new().get(format!("{url}{path}"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.json().await.expect("JSON")
}
