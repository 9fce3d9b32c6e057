use serde_json::json;
use tests::app::{TestApp, uuid};

#[tokio::test]
async fn what_is_wrong_with_a_body_is_said_as_a_problem() {
    let app = TestApp::start().await;
    let table = [
        ("{", 400, "bad_json", ""),
        ("[]", 422, "bad_value", ""),
        (
            r#"{"name":"U Lva","kind":"cafe"}"#,
            422,
            "bad_value",
            "place_id",
        ),
        (
            r#"{"name":7,"kind":"cafe","place_id":"x"}"#,
            422,
            "bad_value",
            "name",
        ),
        (
            r#"{"name":"U Lva","kind":"castle"}"#,
            422,
            "bad_value",
            "kind",
        ),
        (r#"{"name":"U Lva","tip":1}"#, 422, "bad_value", "tip"),
        (r#"{"name":"a\u0000b"}"#, 422, "bad_value", ""),
        (r#"{"name":"a","name":"b"}"#, 422, "bad_value", ""),
    ];
    for (body, status, code, field) in table {
        let problem = app
            .operator()
            .post_text("/venues", body)
            .await
            .refused(status, code);
        if !field.is_empty() {
            assert_eq!(problem["field"], field, "{body}: {problem}");
        }
    }
}

#[tokio::test]
async fn a_body_has_a_limit_and_a_type() {
    let app = TestApp::start().await;
    let large = format!(r#"{{"name":"{}"}}"#, "a".repeat(70_000));
    app.operator()
        .post_text("/venues", &large)
        .await
        .refused(413, "too_large");
    let as_text = app.operator().with_header("Content-Type", "text/plain");
    as_text
        .post("/venues", json!({}))
        .await
        .refused(415, "unsupported_media_type");
}

#[tokio::test]
async fn headers_around_an_act_are_checked() {
    let app = TestApp::start().await;
    let table = [
        ("Occurred-At", "yesterday"),
        ("Acting-For", "Jana Nováková"),
        ("Corrects", "7"),
        ("Device", "a b"),
        ("Device-Seq", "-1"),
    ];
    for (name, value) in table {
        let house = json!({"name": "U Lva", "kind": "cafe", "place_id": uuid(404)});
        let caller = app.operator().with_header(name, value);
        let problem = caller
            .post("/venues", house)
            .await
            .refused(400, "bad_header");
        assert_eq!(problem["header"], name);
    }
    let house = json!({"name": "U Lva", "kind": "cafe", "place_id": uuid(404)});
    let long_ago = app
        .operator()
        .with_header("Occurred-At", "2020-01-01T00:00:00Z");
    long_ago
        .post("/venues", house)
        .await
        .refused(422, "occurred_at_out_of_bounds");
}
