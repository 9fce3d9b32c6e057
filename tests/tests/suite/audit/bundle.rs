//! The copy that `audit export` writes, checked by whoever has nothing else.

use std::path::PathBuf;

use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, Purpose, Signer};
use serde_json::{Value, json};
use sha2::Digest as _;
use tests::app::TestApp;
use tests::wait;

use super::command_line::{audit, done};

/// A gateway whose history is sealed to its end, and the newest checkpoint.
async fn sealed(app: &TestApp) -> String {
    let head = app.desk.log().head().await.expect("a head");
    wait::until("the history to be sealed", async || {
        let answer = app.public().get_root("/evidence/checkpoint").await;
        let text = answer.body.as_str()?.to_owned();
        let size: i64 = text.lines().nth(1)?.parse().ok()?;
        (answer.status == 200 && size >= head).then_some(text)
    })
    .await
}

async fn log_key(app: &TestApp) -> String {
    let key = app.public().get_root("/evidence/key").await.done();
    key.as_str().expect("a text").trim().to_owned()
}

/// What a stranger does with a bundle: every hash from the texts alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_checked_without_the_log() {
    let app = TestApp::start().await;
    app.coffees_on_board(1).await;
    sealed(&app).await;
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
}

/// A bundle of a sealed history, and what its owner does to it.
struct Bundle {
    app: TestApp,
    folder: PathBuf,
}

impl Bundle {
    async fn of(app: TestApp) -> Self {
        app.coffees_on_board(1).await;
        sealed(&app).await;
        done(&app, "export --out bundle");
        let folder = app.folder().join("bundle");
        Self { app, folder }
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.join(name)).expect("a file")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.join(name), text).expect("written");
    }

    /// Replaces a file, and makes the manifest agree.
    fn replace(&self, name: &str, text: &str) {
        let (old, new) = (sha256(self.read(name).as_bytes()), sha256(text.as_bytes()));
        self.write(name, text);
        self.write(
            "manifest.json",
            &self.read("manifest.json").replace(&old, &new),
        );
    }

    fn manifest(&self) -> Value {
        serde_json::from_str(&self.read("manifest.json")).expect("JSON")
    }

    /// What is said of it where it does not hold.
    fn refused(&self, arguments: &str) -> String {
        let (success, lines) = audit(&self.app, arguments);
        assert!(!success, "{lines:#?}");
        lines[0]["error"].as_str().expect("an error").to_owned()
    }

    /// Signs a root with a key of somebody else's, which takes the place of the log's.
    fn sign_anew(&self, root: [u8; 32]) -> String {
        let origin = self.read("key.txt");
        let origin = origin.split('+').next().expect("a name").to_owned();
        let signer = Signer::new(&origin, Purpose::Note, &[7; 32]).expect("a signer");
        let size = self.manifest()["position"].as_u64().expect("a position");
        let note = Checkpoint { origin, size, root }.sign(&signer).to_string();
        let line = json!({"size": size, "note": note});
        self.replace("checkpoints.jsonl", &format!("{line}\n"));
        let key = signer.verifier().to_string();
        self.replace("key.txt", &format!("{key}\n"));
        key
    }
}

async fn a_bundle_vouches_for_itself(app: TestApp) {
    let bundle = Bundle::of(app).await;
    let manifest = bundle.manifest();
    let checked = done(&bundle.app, "check bundle")[0].clone();
    assert_eq!(checked["position"], manifest["position"]);
    assert_eq!(checked["signed"], manifest["sealed"]);
    assert!(manifest["sealed"].as_i64() > Some(0), "{manifest}");
    let key = log_key(&bundle.app).await;
    assert_eq!(checked["keys"], json!([key]));
    let kept = sealed(&bundle.app).await;
    std::fs::write(bundle.app.folder().join("kept"), &kept).expect("written");
    let with_all = format!("check bundle --key {key} --checkpoint kept");
    done(&bundle.app, &with_all);
    let newest = bundle.read("checkpoints.jsonl");
    let newest: Value = serde_json::from_str(newest.lines().last().expect("one")).expect("JSON");
    Note::parse(newest["note"].as_str().expect("a text")).expect("a signed note");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_vouches_for_itself_on_sqlite() {
    a_bundle_vouches_for_itself(TestApp::start().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_vouches_for_itself_on_postgres() {
    a_bundle_vouches_for_itself(TestApp::on_postgres().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_was_changed_is_found() {
    let bundle = Bundle::of(TestApp::start().await).await;
    let events = bundle.read("events.jsonl");
    let changed = events.replacen("price_minor\\\":6500", "price_minor\\\":6501", 1);
    assert_ne!(events, changed);
    bundle.write("events.jsonl", &changed);
    let error = bundle.refused("check bundle");
    assert!(
        error.contains("events.jsonl is not what the manifest says"),
        "{error}"
    );
    bundle.write("events.jsonl", &events);
    bundle.replace("events.jsonl", &changed);
    let error = bundle.refused("check bundle");
    assert!(
        error.contains("venue.item_listed") && error.contains("its hash"),
        "{error}"
    );
}

/// Only the hash of an event stands there, as of another network's: it is the tree that tells.
#[tokio::test(flavor = "multi_thread")]
async fn a_hash_that_was_changed_is_found_by_the_checkpoint() {
    let bundle = Bundle::of(TestApp::start().await).await;
    let events = bundle.read("events.jsonl");
    let mut lines: Vec<&str> = events.lines().collect();
    let other = json!({"position": 3, "leaf_hash": "00".repeat(32)}).to_string();
    lines[2] = &other;
    bundle.replace("events.jsonl", &(lines.join("\n") + "\n"));
    let error = bundle.refused("check bundle");
    assert!(error.contains("not the history that was signed"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_that_was_cut_short_is_found() {
    let bundle = Bundle::of(TestApp::start().await).await;
    let events = bundle.read("events.jsonl");
    let cut: String = events.split_inclusive('\n').take(5).collect();
    bundle.replace("events.jsonl", &cut);
    let error = bundle.refused("check bundle");
    assert!(error.contains("ends at position 5"), "{error}");
    let position = bundle.manifest()["position"].to_string();
    let manifest = bundle.read("manifest.json");
    let manifest = manifest.replace(&format!("\"position\": {position}"), "\"position\": 5");
    bundle.write("manifest.json", &manifest);
    let error = bundle.refused("check bundle");
    assert!(error.contains("it was cut short"), "{error}");
    bundle.replace("checkpoints.jsonl", "");
    let (success, lines) = audit(&bundle.app, "check bundle");
    assert!(!success, "nobody vouches for it: {lines:#?}");
    assert_eq!(lines[0]["signed"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_with_another_key_is_found() {
    let bundle = Bundle::of(TestApp::start().await).await;
    let checked = done(&bundle.app, "check bundle")[0].clone();
    let (key, untouched) = (log_key(&bundle.app).await, bundle.read("key.txt"));
    let forged = bundle.sign_anew([0; 32]);
    let error = bundle.refused("check bundle");
    assert!(error.contains("not the history that was signed"), "{error}");

    let mut root = [0; 32];
    let text = checked["root"].as_str().expect("a root");
    hex::decode_to_slice(text, &mut root).expect("hex");
    bundle.sign_anew(root);
    let own = done(&bundle.app, "check bundle")[0].clone();
    assert_eq!(own["keys"], json!([forged]), "it says whose word it is");
    let error = bundle.refused(&format!("check bundle --key {key}"));
    assert!(error.contains("not the one that you gave"), "{error}");
    bundle.replace("key.txt", &untouched);
    let error = bundle.refused("check bundle");
    assert!(error.contains("the checkpoint of"), "{error}");
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(sha2::Sha256::digest(bytes))
}
