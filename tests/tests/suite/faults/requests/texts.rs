//! Texts that are commands elsewhere: of SQL, HTML, spreadsheets and terminals. They are kept to the
//! letter and shown as text, or refused; never obeyed.

use serde_json::json;
use tests::app::{NETWORK, TestApp};
use tests::wait;

use super::super::extent::tell;

/// Names that somebody may give a café.
const KEPT: [&str; 12] = [
    "'; DROP TABLE events; --",
    "Robert'); DELETE FROM log.events; --",
    "\" OR \"\"=\"",
    "1; SELECT pg_sleep(10)",
    "%_\\",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "=HYPERLINK(\"http://x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "Kavárna 🧩 U Lva",
];

/// What no name holds: control characters, and those that turn the direction of writing.
const REFUSED: [&str; 9] = [
    "a\u{0}b",
    "a\u{7}b",
    "a\u{1b}[31mb",
    "a\nb",
    "a\u{202e}gpj.exe",
    "a\u{2066}b",
    "a\u{200f}b",
    "a\u{85}b",
    " a ",
];

#[tokio::test]
async fn names_are_texts_and_nothing_else_on_sqlite() {
    are_texts(&TestApp::start().await, "SQLite").await;
}

#[tokio::test]
async fn names_are_texts_and_nothing_else_on_postgresql() {
    are_texts(&TestApp::on_postgres().await, "PostgreSQL").await;
}

async fn are_texts(app: &TestApp, engine: &str) {
    let operator = app.operator();
    let venue = |name: &str| json!({"name": name, "kind": "cafe", "place_id": app.id("place_id")});
    for name in REFUSED {
        let answer = operator.post("/venues", venue(name)).await;
        answer.refused(422, "bad_value");
    }
    let mut position = 0;
    for name in KEPT {
        let made = operator.post("/venues", venue(name)).await.done();
        position = made["position"].as_i64().expect("a position");
    }
    let path = format!("/venue-availability?limit=100&min_position={position}");
    let known = wait::until("the view to know them", async || {
        let known = app.public().get(&path).await.done();
        (known["view"]["position"].as_i64() >= Some(position)).then(|| known.to_string())
    })
    .await;
    for name in KEPT {
        assert!(
            known.contains(&json!(name).to_string()),
            "{name} is not as it was"
        );
    }
    let page = app.public().get_root(&format!("/n/{NETWORK}")).await.body;
    let page = page.as_str().expect("HTML");
    for name in KEPT.iter().filter(|name| name.contains('<')) {
        assert!(!page.contains(name), "{name} stands in the page as it is");
    }
    assert!(page.contains("alert(1)"), "the page shows them as text");
    // The same as questions.
    for name in KEPT.iter().chain(&REFUSED) {
        for field in ["district", "cursor", "kind", "item_kind"] {
            let asked = format!(
                "/venue-availability?{field}={}",
                super::values::encode(name)
            );
            let answer = app.public().get(&asked).await;
            assert!(answer.status < 500, "{asked}: {}", answer.body);
        }
    }
    let head = app.desk.log().head().await.expect("the log is there");
    assert_eq!(head, position);
    let how_often = format!("{} texts", KEPT.len() + REFUSED.len());
    let result = "kept to the letter and shown as text, or refused";
    tell(
        "texts that are SQL, HTML, formulas, controls",
        engine,
        &how_often,
        result,
        0,
    );
}
