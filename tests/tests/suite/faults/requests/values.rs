//! Every field of every body and every parameter of every question, with what does not belong there:
//! the answer is a documented one, a problem where it is no, and never that something broke.

use reqwest::Method;
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::client::Answer;

use super::super::dice::Dice;
use super::super::extent::{tell, times};
use super::sample;

/// What is put in the place of a value, as JSON text: not all of it is JSON.
const STRANGE: [&str; 36] = [
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "1e400",
    "-0.0",
    "NaN",
    "4294967296",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\u202egnp.exe\"",
    "\"\\u0007\\u001b[31m\"",
    "\"' OR 1=1; DROP TABLE events; --\"",
    "\"<script>alert(1)</script>\"",
    "\"=HYPERLINK(\\\"http://x\\\")\"",
    "\"../../etc/passwd\"",
    "[]",
    "[[]]",
    "{}",
    "{\"type\":\"\"}",
    "\"00000000-0000-0000-0000-000000000000\"",
    "\"2026-13-40T00:00:00Z\"",
    "\"0001-01-01T00:00:00Z\"",
    "\"9999-12-31T23:59:59.999999999Z\"",
    "\"+262142-12-31T23:59:59Z\"",
    "\"-262143-01-01T00:00:00Z\"",
    "\"9999-12-31\"",
];

/// What stands in the place of the value that is exchanged for a strange one.
const HERE: &str = "\u{1f9e9}here";

#[tokio::test]
async fn strange_values_in_bodies_are_answered_as_documented() {
    let (share, seed) = (times(8, 1, 1), Dice::seed());
    let mut dice = Dice::of(seed);
    let app = TestApp::start().await;
    let operator = app.operator();
    let document = app.public().get_root("/openapi.json").await.done();
    let (mut asked, mut wrong) = (0, Vec::new());
    for (path, operation) in operations(&document, "post") {
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        if schema.is_null() || path == "/sign-in" {
            continue;
        }
        let path = sample::path(&app, &path);
        for whole in sample::of(&app, &document, schema) {
            for marked in marked(&whole) {
                for strange in STRANGE {
                    if dice.throw(share as u64) > 0 {
                        continue;
                    }
                    let body = marked.replace(&json!(HERE).to_string(), strange);
                    let answer = operator.send(Method::POST, &path, Some(body.clone()));
                    let answer = answer.await;
                    asked += 1;
                    if let Some(fault) = fault(&operation, &answer) {
                        wrong.push(format!("POST {path} {body}: {fault}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {wrong:#?}", wrong.len());
    let result = "no 5xx, every answer documented, every no a problem";
    tell(
        "strange values in bodies",
        "SQLite",
        &format!("{asked} requests"),
        result,
        seed,
    );
}

#[tokio::test]
async fn strange_values_in_questions_are_answered_as_documented() {
    let seed = Dice::seed();
    let app = TestApp::start().await;
    let document = app.public().get_root("/openapi.json").await.done();
    let (mut asked, mut wrong) = (0, Vec::new());
    for (path, operation) in operations(&document, "get") {
        let parameters = operation["parameters"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let of = |place: &str| {
            let those = parameters.iter().filter(|it| it["in"] == place);
            those
                .filter_map(|it| it["name"].as_str().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let filled = sample::path(&app, &path);
        let in_query = of("query")
            .into_iter()
            .map(|name| (filled.clone(), Some(name)));
        let in_path = of("path").into_iter().filter(|name| name != "network");
        let in_path = in_path.map(|name| {
            (
                sample::path(&app, &path.replace(&format!("{{{name}}}"), HERE)),
                None,
            )
        });
        for (path, name) in in_query.chain(in_path) {
            for strange in STRANGE {
                // A position that is to come is waited for, which is as it should be.
                if name.as_deref() == Some("min_position")
                    && strange.parse::<i64>().is_ok_and(|number| number > 0)
                {
                    continue;
                }
                let plain = serde_json::from_str::<String>(strange);
                let encoded = encode(&plain.unwrap_or_else(|_| strange.to_owned()));
                let url = match &name {
                    Some(name) => format!("{path}?{name}={encoded}"),
                    None if encoded.is_empty() || encoded.contains('.') => continue,
                    None => path.replace(HERE, &encoded),
                };
                let answer = app.operator().send(Method::GET, &url, None).await;
                asked += 1;
                if let Some(fault) = fault(&operation, &answer) {
                    wrong.push(format!("GET {url}: {fault}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {asked}: {wrong:#?}", wrong.len());
    let result = "no 5xx, every answer documented, every no a problem";
    tell(
        "strange values in questions",
        "SQLite",
        &format!("{asked} requests"),
        result,
        seed,
    );
}

/// The headers around an act.
#[tokio::test]
async fn strange_values_in_headers_are_refused() {
    let app = TestApp::start().await;
    let mut asked = 0;
    for name in [
        "Occurred-At",
        "Acting-For",
        "Corrects",
        "Device",
        "Device-Seq",
        "Idempotency-Key",
    ] {
        for strange in STRANGE {
            let plain: Result<String, _> = serde_json::from_str(strange);
            let value = plain.unwrap_or_else(|_| strange.to_owned());
            if !value.chars().all(|c| (' '..='~').contains(&c)) {
                continue;
            }
            let client = app.operator().with_header(name, &value);
            let answer = client.post("/donors", json!({})).await;
            asked += 1;
            assert!(answer.status < 500, "{name}: {value}: {answer:?}");
        }
    }
    tell(
        "strange values in headers",
        "SQLite",
        &format!("{asked} requests"),
        "no 5xx",
        0,
    );
}

/// Path and description of every operation of this method.
fn operations(document: &Value, method: &str) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let described = paths
        .iter()
        .map(|(path, item)| (path.clone(), item[method].clone()));
    described.filter(|(_, it)| it.is_object()).collect()
}

/// What is wrong with an answer.
fn fault(operation: &Value, answer: &Answer) -> Option<String> {
    let status = answer.status.to_string();
    let documented = !operation["responses"][&status].is_null();
    let problem = answer.status < 400
        || (answer.body["code"].is_string()
            && answer.header("content-type") == "application/problem+json");
    (answer.status >= 500 || !documented || !problem)
        .then(|| format!("{} documented: {documented} {}", answer.status, answer.body))
}

/// The body once for every value in it, which is marked; values that hold others too.
fn marked(whole: &Value) -> Vec<String> {
    let mut all = Vec::new();
    let mut places = vec![String::new()];
    while let Some(place) = places.pop() {
        let mut body = whole.clone();
        let Some(value) = body.pointer_mut(&place) else {
            continue;
        };
        match &*value {
            Value::Object(members) => {
                places.extend(members.keys().map(|name| format!("{place}/{name}")));
            }
            Value::Array(values) => {
                places.extend((0..values.len()).map(|at| format!("{place}/{at}")));
            }
            _ => {}
        }
        *value = json!(HERE);
        all.push(body.to_string());
    }
    all
}

pub fn encode(text: &str) -> String {
    let bytes = text.bytes();
    bytes
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
