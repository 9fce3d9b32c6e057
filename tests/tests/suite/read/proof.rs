//! The proof of one event, fetched by an auditor and checked by whoever has only the log's key.

use std::path::Path;
use std::process::Command;

use domain::evidence::event_proof::EventProof;
use domain::evidence::note::{Purpose, Signer};
use serde_json::{Value, json};
use tests::app::{TestApp, uuid};
use tests::client::{Answer, Client};
use tests::{wait, workspace};

/// The proof, once the event is sealed.
async fn sealed(who: &Client, path: &str) -> Answer {
    wait::until("the event to be sealed", async || {
        let answer = who.get(path).await;
        if answer.status == 503 {
            assert_eq!(answer.body["code"], "not_sealed");
            return None;
        }
        Some(answer)
    })
    .await
}

/// The id of the newest event of this type.
async fn newest(app: &TestApp, act: &str, seen: &Value) -> String {
    let path = format!("/events?act={act}&min_position={}", seen["position"]);
    let found = app.role("auditor").get(&path).await.done();
    let id = found["events"][0]["event_id"].as_str();
    id.expect("an event").to_owned()
}

/// Runs `sospeso verify` as somebody does who has files, the key and no network.
fn verify(arguments: &[&str]) -> (bool, Value) {
    let output = Command::new(workspace::binary())
        .args(["verify", "--json"])
        .args(arguments)
        .env_clear()
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let said = serde_json::from_str(text.trim()).expect("JSON");
    (output.status.success(), said)
}

fn written(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let file = folder.join(name);
    std::fs::write(&file, bytes).expect("written");
    file.display().to_string()
}

async fn log_key(app: &TestApp) -> String {
    let key = app.public().get_root("/evidence/key").await.done();
    key.as_str().expect("a text").trim().to_owned()
}

/// The key of a log that is not ours.
fn foreign_key() -> String {
    let signer = Signer::new("sospeso/other", Purpose::Note, &[9; 32]);
    signer.expect("a signer").verifier().to_string()
}

async fn an_event_is_proven(app: TestApp) {
    let prepaid = app.coffees_on_board(1).await;
    let event = newest(&app, "voucher.prepaid", &prepaid).await;
    let path = format!("/events/{event}/proof");
    let proof = sealed(&app.role("auditor"), &path).await;
    assert_eq!(proof.header("content-type"), "application/json");
    assert_eq!(proof.header("cache-control"), "no-store");
    let proof: EventProof = serde_json::from_value(proof.done()).expect("a proof");
    assert!(proof.payload.starts_with("{\"prepaid\":"), "{proof:?}");

    let folder = tempfile::tempdir().expect("a folder");
    let key = log_key(&app).await;
    let whole = serde_json::to_string(&proof).expect("JSON");
    let whole = written(folder.path(), "event.json", whole);
    let (holds, said) = verify(&["proof", &whole, "--key", &key]);
    assert!(holds, "{said}");
    assert_eq!(said["position"], prepaid["position"]);

    let text = format!("{path}?form=text");
    let text = app.operator().get(&text).await;
    assert_eq!(text.header("content-type"), "text/plain; charset=utf-8");
    let accepting = app.operator().with_header("Accept", "text/plain");
    let accepted = accepting.get(&path).await.done();
    let first = |text: &Value| {
        text.as_str()
            .expect("a text")
            .lines()
            .next()
            .map(str::to_owned)
    };
    assert_eq!(first(&accepted).as_deref(), Some("c2sp.org/tlog-proof@v1"));
    let text = text.done();
    let tlog = written(
        folder.path(),
        "event.tlog-proof",
        text.as_str().expect("text"),
    );
    let (entry, _) = proof.parts().expect("a whole proof");
    let entry = written(folder.path(), "event.entry", entry);
    let (holds, said) = verify(&["proof", &tlog, "--entry", &entry, "--key", &key]);
    assert!(holds, "{said}");
}

#[tokio::test]
async fn an_event_is_proven_to_whoever_has_the_key() {
    an_event_is_proven(TestApp::start().await).await;
}

#[tokio::test]
async fn an_event_is_proven_on_postgres_too() {
    an_event_is_proven(TestApp::on_postgres().await).await;
}

#[tokio::test]
async fn a_proof_is_for_whoever_may_read_the_event() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let event = newest(&app, "voucher.prepaid", &prepaid).await;
    let path = format!("/events/{event}/proof");
    sealed(&app.role("auditor"), &path).await.done();
    let foreign = app.foreign_operator().get(&path).await;
    foreign.refused(404, "not_found");
    let scope = json!({"role": "auditor", "fund_id": app.id("fund_id")});
    let operator = app.operator();
    let granted = operator.post("/accesses", json!({"scope": scope})).await;
    let token = granted.done()["token"].clone();
    let of_the_grant = app.public().with_token(token.as_str().expect("a token"));
    of_the_grant.get(&path).await.refused(404, "not_found");
    let none = format!("/events/{}/proof", uuid(404));
    let none = app.role("auditor").get(&none).await;
    none.refused(404, "not_found");
    for who in ["coordinator", "venue", "donor", "analyst"] {
        app.role(who).get(&path).await.refused(403, "not_allowed");
    }
    let other = app.role("auditor").get(&format!("{path}?form=xml")).await;
    other.refused(400, "bad_query");
}

#[tokio::test]
async fn what_was_changed_is_not_proven() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let event = newest(&app, "voucher.prepaid", &prepaid).await;
    let path = format!("/events/{event}/proof");
    let proof = sealed(&app.role("auditor"), &path).await.done();
    let (folder, key) = (tempfile::tempdir().expect("a folder"), log_key(&app).await);
    let changed = |field: &str, from: &str, to: &str| {
        let mut changed = proof.clone();
        let text = changed[field].as_str().expect("a text");
        assert!(text.contains(from), "{field}: {text}");
        changed[field] = text.replacen(from, to, 1).into();
        let file = written(folder.path(), field, changed.to_string());
        let (holds, said) = verify(&["proof", &file, "--key", &key]);
        (holds, said["error"].as_str().unwrap_or_default().to_owned())
    };
    let index = prepaid["position"].as_i64().expect("a position") - 1;
    let other_index = (format!("index {index}\n"), format!("index {}\n", index - 1));
    for (field, from, to, error) in [
        ("payload", "6500", "6501", "payload is not"),
        ("metadata", "operator", "auditor", "metadata are not"),
        ("proof", &other_index.0, &other_index.1, ""),
        ("proof", "\n\n", "\n\nx", ""),
    ] {
        let (holds, said) = changed(field, from, to);
        assert!(
            !holds && !said.is_empty() && said.contains(error),
            "{field}: {said}"
        );
    }
    let file = written(folder.path(), "whole", proof.to_string());
    let foreign = &foreign_key();
    let (holds, said) = verify(&["proof", &file, "--key", foreign]);
    assert!(!holds, "{said}");
    let (holds, said) = verify(&["proof", &file, "--key", &key, "--witness", foreign]);
    assert!(
        !holds && said.to_string().contains("did not cosign"),
        "{said}"
    );
}

#[tokio::test]
async fn a_checkpoint_holds_for_the_key_that_signed_it() {
    let app = TestApp::start().await;
    let prepaid = app.coffees_on_board(1).await;
    let event = newest(&app, "voucher.prepaid", &prepaid).await;
    sealed(&app.role("auditor"), &format!("/events/{event}/proof")).await;
    let served = app.public().get_root("/evidence/checkpoint").await.done();
    let served = served.as_str().expect("a text");
    let (folder, key) = (tempfile::tempdir().expect("a folder"), log_key(&app).await);
    let file = written(folder.path(), "checkpoint", served);
    let (holds, said) = verify(&["checkpoint", &file, "--key", &key]);
    assert!(holds, "{said}");
    assert!(
        said["size"].as_i64() >= prepaid["position"].as_i64(),
        "{said}"
    );

    let mut lines: Vec<String> = served.split('\n').map(str::to_owned).collect();
    lines[1] = "9".into();
    let grown = written(folder.path(), "grown", lines.join("\n"));
    let cut = written(folder.path(), "cut", &served[..served.len() / 2]);
    let foreign = &foreign_key();
    for arguments in [
        ["checkpoint", &grown, "--key", &key],
        ["checkpoint", &cut, "--key", &key],
        ["checkpoint", &file, "--key", foreign],
    ] {
        let (holds, said) = verify(&arguments);
        assert!(!holds && said["error"].is_string(), "{arguments:?}: {said}");
    }
}
