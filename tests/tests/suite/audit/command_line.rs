//! The verbs of `sospeso audit`, each run as the real binary on one small network.

use std::path::Path;
use std::process::Command;

use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Purpose, Signer};
use serde_json::Value;
use tests::app::TestApp;
use tests::workspace;

/// Runs the binary on the data of the gateway; every line that it printed is JSON. The gateway needs
/// threads of its own to go on meanwhile.
fn audit(app: &TestApp, arguments: &str) -> (bool, Vec<Value>) {
    let output = Command::new(workspace::binary())
        .arg("audit")
        .args(arguments.split_whitespace())
        .args(["--json", "--data"])
        .arg(app.folder())
        .args(
            app.database()
                .map(|it| format!("--database-url={}", it.owner_url())),
        )
        .env_clear()
        .current_dir(app.folder())
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let read = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (output.status.success(), text.lines().map(read).collect())
}

fn done(app: &TestApp, arguments: &str) -> Vec<Value> {
    let (success, lines) = audit(app, arguments);
    assert!(success, "{arguments}: {lines:#?}");
    lines
}

fn file(app: &TestApp, name: &str) -> Vec<u8> {
    std::fs::read(Path::new(app.folder()).join(name)).expect("a file")
}

async fn states_are_written_compared_and_checked(app: TestApp) {
    let before = app.coffees_on_board(3).await["position"]
        .as_i64()
        .expect("a position");
    app.coffees_on_board(2).await;
    let first = format!("replay --view ledger --as-of {before} --out first.jsonl");
    let replayed = done(&app, &first)[0].clone();
    assert_eq!(replayed["position"], before);
    let again = done(&app, &first.replace("first", "again"))[0].clone();
    assert_eq!(again["digest"], replayed["digest"]);
    assert_eq!(file(&app, "first.jsonl"), file(&app, "again.jsonl"));
    assert!(!audit(&app, &first).0, "no file is written over");
    done(&app, "replay --view ledger --out head.jsonl");

    let files = done(&app, "diff first.jsonl head.jsonl");
    let positions = done(&app, &format!("diff {before} {} --view ledger", before + 2));
    assert_eq!(files, positions, "two files and two positions say the same");
    let count = files.last().expect("a count");
    assert_eq!(count["rows"]["went"], 0);
    let came = files.iter().filter(|line| line["what"] == "came").count();
    assert_eq!(count["rows"]["came"], came);
    assert_eq!(came, 4, "two vouchers and two postings");

    let (same, checked) = audit(&app, "conserve");
    assert!(same, "{checked:#?}");
    assert_eq!(
        checked.last().expect("a report")["invariants"]["money_equation"],
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite() {
    states_are_written_compared_and_checked(TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_postgres() {
    states_are_written_compared_and_checked(TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_off_or_changed_is_refused() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    done(&app, "replay --view ledger --out whole.jsonl");
    let text = String::from_utf8(file(&app, "whole.jsonl")).expect("UTF-8");
    let cut: String = text.split_inclusive('\n').take(3).collect();
    let changed = text.replacen("6500", "6501", 1);
    for (damaged, why) in [(cut, "ends before"), (changed, "digest")] {
        std::fs::write(app.folder().join("damaged.jsonl"), damaged).expect("written");
        let (success, lines) = audit(&app, "diff whole.jsonl damaged.jsonl");
        let error = lines.last().expect("a line")["error"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        assert!(!success && error.contains(why), "{error}");
    }
}

/// What a stranger does with a bundle: every hash from the texts alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_checked_without_the_log() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    let out = done(&app, "export --out bundle --network praha");
    let folder = app.folder().join("bundle");
    let manifest = std::fs::read(folder.join("manifest.json")).expect("a manifest");
    assert_eq!(out[0]["manifest"]["sha256"], sha256(&manifest));
    let manifest: Value = serde_json::from_slice(&manifest).expect("JSON");
    for file in manifest["files"].as_array().expect("files") {
        let name = file["name"].as_str().expect("a name");
        let bytes = std::fs::read(folder.join(name)).expect("a file");
        assert_eq!(file["sha256"], sha256(&bytes), "{name}");
    }
    let events = std::fs::read_to_string(folder.join("events.jsonl")).expect("events");
    let mut hidden = 0;
    for (line, position) in events.lines().zip(1..) {
        let event: Value = serde_json::from_str(line).expect("JSON");
        assert_eq!(event["position"], position);
        let Some(entry) = event["entry"].as_str() else {
            assert_eq!(
                event.as_object().map(serde_json::Map::len),
                Some(2),
                "{event}"
            );
            hidden += 1;
            continue;
        };
        assert_eq!(event["network"], "praha");
        let entry = hex::decode(entry).expect("hex");
        let text = |name: &str| event[name].as_str().expect("a text").as_bytes();
        let end = [
            hex::decode(sha256(text("payload"))).expect("hex"),
            hex::decode(sha256(text("metadata"))).expect("hex"),
        ];
        assert_eq!(entry[entry.len() - 32..], end[1]);
        assert_eq!(entry[entry.len() - 66..entry.len() - 34], end[0]);
        assert_eq!(
            event["leaf_hash"],
            sha256(&[&[0], entry.as_slice()].concat())
        );
    }
    assert!(hidden > 0, "the other network is there as hashes");
    assert_eq!(
        i64::try_from(events.lines().count()).ok(),
        manifest["position"].as_i64()
    );
    assert!(
        !audit(&app, "export --out bundle").0,
        "no folder is written over"
    );
    signed_or_not(&app, &manifest);
    damage(&app);
}

/// A checkpoint that somebody kept is of this history, or it is not.
fn signed_or_not(app: &TestApp, manifest: &Value) {
    let checked = done(app, "check bundle")[0].clone();
    assert_eq!(checked["position"], manifest["position"]);
    let signer = Signer::new("sospeso/test", Purpose::Note, &[7; 32]).expect("a signer");
    let mut checkpoint = Checkpoint {
        origin: "sospeso/test".to_owned(),
        size: manifest["position"].as_u64().expect("a position"),
        root: [0; 32],
    };
    let verify = format!("check bundle --checkpoint kept --key {}", signer.verifier());
    let keep = |checkpoint: &Checkpoint| {
        let note = checkpoint.sign(&signer).to_string();
        std::fs::write(app.folder().join("kept"), note).expect("written");
    };
    keep(&checkpoint);
    let (success, lines) = audit(app, &verify);
    let error = lines[0]["error"].as_str().unwrap_or_default();
    assert!(
        !success && error.contains("not the history that was signed"),
        "{error}"
    );
    let root = checked["root"].as_str().expect("a root");
    hex::decode_to_slice(root, &mut checkpoint.root).expect("hex");
    keep(&checkpoint);
    assert_eq!(done(app, &verify)[0]["signed"], checkpoint.size);
}

/// A payload is changed, and the manifest with it.
fn damage(app: &TestApp) {
    let folder = app.folder().join("bundle");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("written");
    let (events, manifest) = (read("events.jsonl"), read("manifest.json"));
    let changed = events.replacen("price_minor\\\":6500", "price_minor\\\":6501", 1);
    assert_ne!(events, changed);
    write("events.jsonl", &changed);
    let said = |arguments: &str| {
        let (success, lines) = audit(app, arguments);
        assert!(!success, "{lines:#?}");
        lines[0]["error"].as_str().expect("an error").to_owned()
    };
    assert!(said("check bundle").contains("events.jsonl is not what the manifest says"));
    let hash = |text: &str| sha256(text.as_bytes());
    write(
        "manifest.json",
        &manifest.replace(&hash(&events), &hash(&changed)),
    );
    let error = said("check bundle");
    assert!(
        error.contains("venue.item_listed") && error.contains("its hash"),
        "{error}"
    );
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    hex::encode(sha2::Sha256::digest(bytes))
}
