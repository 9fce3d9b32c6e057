//! A marked text in every sealed field, planted over HTTP, is found nowhere, before and after the
//! person is erased; and then nobody reads it any more.

use std::collections::BTreeSet;

use domain::sealed::fields;
use infra::vault::keys::KeyTable;
use infra::vault::{PgKeys, SqliteKeys};
use serde_json::{Value, json};
use tests::app::TestApp;
use tests::neighbours::{DISTRICT, Neighbourhood, moving, path, shopping};
use tests::wait::until;
use uuid::Uuid;

use super::places::{Said, all, found};

/// Stands in every text that is told in confidence.
const CANARY: &str = "kanarek-7f3a9c51e2";
/// Stands in a text that is public, so that the search is known to find what is there.
const CROW: &str = "vrana-51e27f3a9c";

/// What was planted, and where it can be read by those who may.
#[derive(Default)]
struct Planted {
    fields: BTreeSet<(&'static str, &'static str)>,
    request: String,
    task: String,
    subject: String,
}

impl Planted {
    fn text(&mut self, event_type: &'static str, field: &'static str) -> String {
        self.fields.insert((event_type, field));
        format!("{CANARY} {event_type} {field}")
    }
}

async fn plant(near: &Neighbourhood) -> Planted {
    let (mut planted, asking) = (Planted::default(), &near.asking.client);
    planted.subject = format!("/subjects/{}", near.asking.subject_id);
    let contact = json!({"contact": planted.text("subject.contact_set", "contact")});
    let set = format!("{}/set-contact", planted.subject);
    asking.post(&set, contact).await.done();

    let mut asked = shopping();
    for field in ["note", "contact", "in_return"] {
        asked[field] = planted.text("help_request.requested", field).into();
    }
    let asked = asking.post("/help-requests", asked).await.done();
    planted.request = path("/help-requests", &asked, "help_request_id");
    let mut edited = json!({"category": "company", "district_code": DISTRICT, "language": "cs"});
    for field in ["note", "contact", "in_return"] {
        let text = planted.text("help_request.edited", field);
        edited[field] = json!({"type": "set", "text": text});
    }
    let edit = format!("{}/edit", planted.request);
    asking.post(&edit, edited).await.done();

    let mut work = moving(1);
    work["help_request_id"] = asked["help_request_id"].clone();
    work["note"] = planted.text("task.created", "note").into();
    let task = asking.post("/tasks", work).await.done();
    planted.task = path("/tasks", &task, "task_id");
    planted
}

/// What is not taken leaves no trace either.
async fn stumble(near: &Neighbourhood) {
    let asking = &near.asking.client;
    let mut silent = shopping();
    silent["note"] = CANARY.into();
    silent["language"] = Value::Null;
    let refused = asking.post("/help-requests", silent.clone()).await;
    refused.refused(422, "terms");
    silent["note"] = CANARY.repeat(300).into();
    let long = asking.post("/help-requests", silent.clone()).await;
    long.refused(422, "bad_value");
    silent["category"] = CANARY.into();
    let unknown = asking.post("/help-requests", silent).await;
    unknown.refused(422, "bad_value");
    let broken = format!("{{\"note\": \"{CANARY}");
    asking
        .post_text("/help-requests", &broken)
        .await
        .refused(400, "bad_json");
}

/// Those who may read all texts, and what they are answered.
async fn read(near: &Neighbourhood, planted: &Planted) -> Vec<Value> {
    let mut answers = Vec::new();
    for reader in [
        &near.asking.client,
        &near.coordinator(),
        &near.helper.client,
    ] {
        for path in [&planted.request, &planted.task] {
            answers.push(reader.get(path).await.done());
        }
    }
    answers.push(near.asking.client.get(&planted.subject).await.done());
    answers.push(near.app.operator().get(&planted.subject).await.done());
    answers
}

async fn erase(near: &Neighbourhood, planted: &Planted) {
    let erase = format!("{}/erase", planted.subject);
    let reason = json!({"reason": "asked"});
    near.asking.client.post(&erase, reason).await.done();
}

async fn is_found_nowhere(app: TestApp) {
    let (said, _listening) = Said::listen();
    let near = Neighbourhood::over(app).await;
    let crow = json!({"name": CROW, "kind": "ngo"});
    near.app
        .operator()
        .post("/organisations", crow)
        .await
        .done();

    let planted = plant(&near).await;
    let declared = fields()
        .into_iter()
        .map(|spec| (spec.event_type, spec.field));
    assert_eq!(
        planted.fields,
        declared.collect(),
        "plant a canary in every sealed field"
    );
    near.claim(&planted.request).await;
    near.claim(&planted.task).await;
    stumble(&near).await;
    for answer in read(&near, &planted).await {
        assert!(answer.to_string().contains(CANARY), "it opens: {answer}");
    }
    search(&near, &said).await;
    let person = near.asking.subject_id.parse().expect("an id");
    let wrapped = key_of(&near.app, person).await.expect("a key");
    let places = all(&near.app, &said).await;
    let lies = found(&wrapped, &places);
    let in_its_table = |place: &&str| place.contains("keys");
    assert!(
        !lies.is_empty() && lies.iter().all(in_its_table),
        "{lies:?}"
    );

    erase(&near, &planted).await;
    for answer in read(&near, &planted).await {
        let text = answer.to_string();
        assert!(
            text.contains("\"state\":\"erased\"") && !text.contains(CANARY),
            "{text}"
        );
    }
    until("the key to be destroyed", async || {
        let held = near.app.desk.vault().holds(person).await;
        (held == Ok(false)).then_some(())
    })
    .await;
    assert_eq!(key_of(&near.app, person).await, None);
    for answer in read(&near, &planted).await {
        assert!(!answer.to_string().contains(CANARY), "{answer}");
    }
    search(&near, &said).await;
    let places = all(&near.app, &said).await;
    assert_eq!(
        found(&wrapped, &places),
        Vec::<&str>::new(),
        "the key is gone"
    );
}

/// The bytes of a person's key as they lie in the table of keys, whose files hold nothing of what
/// is destroyed.
async fn key_of(app: &TestApp, person: Uuid) -> Option<Vec<u8>> {
    let table: Box<dyn KeyTable> = if let Some(database) = app.database() {
        let keys = PgKeys::connect(database.owner_url()).await;
        Box::new(keys.expect("the table of keys"))
    } else {
        let keys = SqliteKeys::open(app.folder().join("keys.db")).await;
        let keys = keys.expect("the table of keys");
        keys.scrub().await.expect("scrubbed");
        Box::new(keys)
    };
    let row = table.find(person).await.expect("a look");
    row.expect("a row").wrapped
}

async fn search(near: &Neighbourhood, said: &Said) {
    let places = all(&near.app, said).await;
    let (crow, expected) = match near.app.database() {
        Some(_) => (found(CROW, &places), vec!["NATS", "log.events"]),
        None => (found(CROW, &places), vec!["log.db"]),
    };
    for place in expected {
        let is_there = crow.iter().any(|found| found.contains(place));
        assert!(
            is_there,
            "the search finds what lies in {place}, not only in {crow:?}"
        );
    }
    let heard = found("request", &places[..1]);
    assert!(!heard.is_empty(), "the program's own log is heard");
    assert_eq!(found(CANARY, &places), Vec::<&str>::new());
}

#[tokio::test]
async fn what_is_told_in_confidence_lies_nowhere() {
    is_found_nowhere(TestApp::start().await).await;
}

#[tokio::test]
async fn what_is_told_in_confidence_lies_nowhere_in_postgres_or_nats() {
    is_found_nowhere(TestApp::on_postgres().await).await;
}
