//! A program that is not ours reads our OpenAPI document and asks whatever it allows, and much that
//! it does not, with a token of each role: nothing breaks, and every answer is a documented one.

use serde_json::json;
use tests::app::{NETWORK, ROLES, TestApp};
use tests::outside;

use super::super::dice::Dice;
use super::super::extent::{tell, times};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_a_documented_one() {
    let seed = Dice::seed();
    // Every case that the document implies takes two minutes a role: once in `faults`, for each role
    // in `--long`.
    let (examples, whole) = (times(1, 3, 50), times(0, 1, ROLES.len() + 1));
    let others = times(1, ROLES.len(), ROLES.len());
    let roles = ROLES.iter().take(others).chain([&""]);
    for (number, role) in roles.enumerate() {
        let phases = if number < whole {
            "examples,coverage,fuzzing"
        } else {
            "fuzzing"
        };
        // One that revokes, erases and leaves must not leave the next with nothing to ask about.
        let app = TestApp::start().await;
        let token = if role.is_empty() { "" } else { app.token(role) };
        let mut ids = json!(app.ids);
        ids["network"] = json!(NETWORK);
        let (seed_text, examples) = (seed.to_string(), examples.to_string());
        let ids = ids.to_string();
        let arguments = [&app.root, token, &seed_text, &examples, phases, &ids];
        let told = tokio::task::block_in_place(|| outside::python("schema", &arguments));
        let told = told.first().expect("a line");
        assert_eq!(
            told["wrong"],
            "",
            "{role}: {}",
            told["wrong"].as_str().unwrap_or_default()
        );
        let who = if role.is_empty() { "nobody" } else { role };
        let how_often = format!("{} requests", told["cases"]);
        let result = "no 5xx, every answer documented";
        tell(
            &format!("schemathesis as {who}"),
            "SQLite",
            &how_often,
            result,
            seed,
        );
    }
}
