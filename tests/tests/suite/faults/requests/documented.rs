//! A program that is not ours reads our OpenAPI document and asks whatever it allows, and much that
//! it does not, with a token of each role: nothing breaks, and every answer is a documented one.

use serde_json::json;
use tests::app::{NETWORK, ROLES, TestApp};
use tests::outside;

use super::super::dice::Dice;
use super::super::extent::{tell, times};
use crate::gateway::authorisation::table;

const EVERY_PHASE: &str = "examples,coverage,fuzzing";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_is_a_documented_one() {
    let seed = Dice::seed();
    let (examples, extent) = (times(1, 3, 50), times(0, 1, 2));
    let roles = times(1, ROLES.len(), ROLES.len());
    let roles = ROLES.iter().take(roles).chain([&"public"]);
    for role in roles {
        // Every case that the document implies takes two minutes a role: in `faults` a role meets
        // those of what it may do, and some of what it may not; in `--long` all.
        let (phases, own) = match extent {
            0 => ("fuzzing", Vec::new()),
            1 => (EVERY_PHASE, may(role)),
            _ => (EVERY_PHASE, Vec::new()),
        };
        // One that revokes, erases and leaves must not leave the next with nothing to ask about.
        let app = TestApp::start().await;
        let nobody = *role == "public";
        let token = if nobody { "" } else { app.token(role) };
        let mut ids = json!(app.ids);
        ids["network"] = json!(NETWORK);
        let (seed_text, examples) = (seed.to_string(), examples.to_string());
        let (ids, own) = (ids.to_string(), json!(own).to_string());
        let arguments = [&app.root, token, &seed_text, &examples, phases, &ids, &own];
        let told = tokio::task::block_in_place(|| outside::python("schema", &arguments));
        let told = told.first().expect("a line");
        let wrong = told["wrong"].as_str().expect("a text");
        assert_eq!(wrong, "", "{role}: {wrong}");
        let who = if nobody { "nobody" } else { role };
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

/// The routes on which a role gets further than to the question who may.
fn may(role: &str) -> Vec<&'static str> {
    let lines = table().into_iter();
    let open = lines.filter(|line| line.who.contains(&role));
    open.map(|line| line.route).collect()
}
