//! Two runs, and a run on PostgreSQL with NATS, answer every question with the same words.

use serde_json::Value;
use tests::client::Client;
use tests::demo::Demo;
use tests::servers::{NatsServer, postgres};

use super::{TODAY, ask};

/// Every read model; each demo's clock starts at half past ten and goes on, so the minute that an
/// answer is about is left out.
const QUESTIONS: [&str; 6] = [
    "venue-availability?limit=50",
    "voucher-board",
    "district-coverage?week=2026-W47",
    "campaign-totals",
    "help-board",
    "ledger",
];

/// What differs between two runs and says nothing about the network: how far a view has come, and
/// what is addressed to one reader.
const LEFT_OUT: [&str; 5] = ["view", "at", "links", "event_id", "next_cursor"];

async fn answers(demo: &Demo) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for question in QUESTIONS {
        let path = format!("/api/v1/networks/praha/{question}");
        let mut answer = ask(&demo.ready.url, &path, Some(&demo.ready.tokens["operator"])).await;
        leave_out(&mut answer);
        answers.push((question.to_owned(), answer.to_string()));
    }
    answers.push(("donor-impact".to_owned(), gifts(demo).await));
    answers
}

/// What the donor reads behind the private link, without what surrounds every page, and without
/// where its links lead: one names the key of the log.
async fn gifts(demo: &Demo) -> String {
    let (_, token) = demo.ready.donor_link.rsplit_once('/').expect("a link");
    let browser = Client::new(&demo.ready.url, "praha");
    let signed_in = browser.post_form("/sign-in", &[("token", token)]).await;
    let cookie = signed_in.header("set-cookie").split(';').next();
    let browser = browser.with_header("Cookie", cookie.expect("a cookie"));
    let page = browser.get_root("/gifts?lang=en").await;
    let page = page.body.as_str().expect("a page").to_owned();
    let main = page.split("<main").nth(1).expect("a main part");
    let main = main.split("</main>").next().expect("its end");
    assert!(main.contains("class=\"timeline\""), "{main}");
    let mut parts = main.split(" href=\"");
    let before = parts.next().into_iter();
    let after = parts.filter_map(|part| part.split_once('"').map(|(_, text)| text));
    before.chain(after).collect()
}

fn leave_out(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !LEFT_OUT.contains(&key.as_str()));
            map.values_mut().for_each(leave_out);
        }
        Value::Array(items) => items.iter_mut().for_each(leave_out),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[tokio::test]
async fn two_runs_and_both_engines_give_the_same_answers() {
    let first = answers(&Demo::start_with(&TODAY)).await;
    let second = answers(&Demo::start_with(&TODAY)).await;
    let store = tempfile::tempdir().expect("a temporary folder");
    let nats = NatsServer::start(store.path(), None);
    let database = postgres().database().await;
    let (url, nats_url) = (database.owner_url(), nats.url());
    let elsewhere = [
        TODAY[0],
        TODAY[1],
        "--database-url",
        url,
        "--nats-url",
        nats_url.as_str(),
    ];
    let third = answers(&Demo::start_with(&elsewhere)).await;
    for ((one, two), three) in first.iter().zip(&second).zip(&third) {
        assert_eq!(one, two);
        assert_eq!(one, three);
    }
}
