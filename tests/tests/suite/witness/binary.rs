//! `sospeso witness` as whoever runs one starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use domain::evidence::cosignature::cosigned_at;
use domain::evidence::note::{Note, VerifierKey};
use domain::evidence::tree::Edge;
use serde_json::Value;
use tests::workspace;

use super::{ORIGIN, ledger};

/// A running witness: its process and what it said of itself.
struct Running(Child, Value);

impl Running {
    fn start(folder: &Path, log_key: &VerifierKey) -> Self {
        let mut command = Command::new(workspace::binary());
        command.args([
            "witness",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--name",
            "witness.example",
        ]);
        command.args([
            "--origin",
            ORIGIN,
            "--log-key",
            &log_key.to_string(),
            "--data",
        ]);
        let mut child = command
            .arg(folder.join("witness"))
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a piped stdout");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let said = serde_json::from_str(&line).expect("JSON");
        Self(child, said)
    }

    fn text(&self, what: &str) -> String {
        self.1[what].as_str().expect("a text").to_owned()
    }
}

/// Without a chance to put anything in order, as when the power fails.
impl Drop for Running {
    fn drop(&mut self) {
        let _it_may_have_ended = self.0.kill();
        let _it_may_have_ended = self.0.wait();
    }
}

#[tokio::test]
async fn it_knows_after_a_crash_what_it_cosigned() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, log) = ledger();
    let running = Running::start(folder.path(), log.verifier());
    let (key, url) = (running.text("key"), running.text("url"));
    let mut edge = Edge::default();
    edge.push([1; 32], |_, _| {});
    let signed = log.sign(1, edge.root());
    let request = format!("old 0\n\n{}", signed.note);
    let http = reqwest::Client::new();
    let add = http
        .post(format!("{url}/add-checkpoint"))
        .body(request.clone());
    assert_eq!(add.send().await.expect("an answer").status().as_u16(), 200);
    drop(running);

    let running = Running::start(folder.path(), log.verifier());
    assert_eq!(running.text("key"), key);
    let url = running.text("url");
    let held = http.get(format!("{url}/checkpoint")).send().await;
    let held = held.expect("an answer").text().await.expect("a text");
    let held = Note::parse(&held).expect("a note");
    assert!(cosigned_at(&held, &key.parse().expect("a key")).is_ok());
    let add = http.post(format!("{url}/add-checkpoint")).body(request);
    let again = add.send().await.expect("an answer");
    assert_eq!(again.status().as_u16(), 409);
    assert_eq!(again.text().await.expect("a text"), "1\n");
}
