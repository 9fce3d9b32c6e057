use serde_json::{Value, json};
use tests::app::TestApp;

use super::position;

#[tokio::test]
async fn the_public_reads_counts_and_those_who_help_read_requests() {
    let app = TestApp::start().await;
    let note = "Third floor, ring twice";
    let request =
        json!({"category": "groceries", "district_code": "500054", "language": "cs", "note": note});
    let requested = app.operator().post("/help-requests", request).await.done();
    let seen = position(&requested);

    let public = app
        .public()
        .get(&format!("/help-board?min_position={seen}"))
        .await
        .done();
    assert_eq!(public["districts"], json!([]), "one request shows nowhere");
    assert_eq!(public["requests"], json!([]));

    let path = format!("/help-board/entries?min_position={seen}&category=groceries");
    let operator = app.operator().get(&path).await;
    assert_eq!(operator.header("cache-control"), "no-store");
    let operator = operator.done();
    let entry = &operator["requests"][0];
    assert_eq!(entry["help_request_id"], requested["help_request_id"]);
    assert_eq!(
        (&entry["involved"], &entry["claim"]),
        (&json!(true), &Value::Null)
    );
    assert!(
        !operator.to_string().contains("nonce"),
        "texts open elsewhere: {operator}"
    );
}

#[tokio::test]
async fn a_window_has_a_beginning_and_an_end() {
    let app = TestApp::start().await;
    let path = "/help-board/entries?from=2026-11-02T09:00:00Z";
    app.operator().get(path).await.refused(400, "bad_query");
}
