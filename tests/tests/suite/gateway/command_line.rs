//! The binary from the outside: from an empty folder to a gateway that ends when it is asked to.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tests::client::Client;
use tests::{wait, workspace};

fn sospeso(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(workspace::binary());
    command.args(arguments).arg("--json").arg("--data");
    command.arg(folder.join("data")).env_clear();
    command
}

/// Runs it to its end and reads the last line that it printed.
fn run(folder: &Path, arguments: &[&str]) -> (bool, Value) {
    let output = sospeso(folder, arguments).output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let last = text.lines().last().unwrap_or("null");
    let json = serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (output.status.success(), json)
}

/// Ends with the test, also when that fails.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already_is_fine = self.0.kill();
        let _ended = self.0.wait();
    }
}

const FOUND: [&str; 13] = [
    "init",
    "--network",
    "praha",
    "--name",
    "Místní místním",
    "--currency",
    "CZK",
    "--timezone",
    "Europe/Prague",
    "--country",
    "CZ",
    "--languages",
    "cs,en",
];

#[tokio::test]
async fn from_an_empty_folder_to_an_orderly_end() {
    let folder = tempfile::tempdir().expect("a folder");
    let (started, refused) = run(folder.path(), &["serve"]);
    assert!(!started, "without secrets nothing starts: {refused}");
    let (founded, answer) = run(folder.path(), &FOUND);
    assert!(founded && answer["founded"] == true, "{answer}");
    let token = answer["token"].as_str().expect("a token").to_owned();
    let (again, answer) = run(folder.path(), &FOUND);
    assert!(again && answer["founded"] == false, "{answer}");

    let mut command = sospeso(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    let started = command.stdout(Stdio::piped()).spawn();
    let mut server = Server(started.expect("it starts"));
    let mut line = String::new();
    let stdout = server.0.stdout.take().expect("a pipe");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let ready: Value = serde_json::from_str(&line).expect("JSON");
    let url = ready["url"].as_str().expect("its address");

    let operator = Client::new(url, "praha").with_token(&token);
    let scope = json!({"scope": {"role": "analyst"}});
    operator.post("/accesses", scope.clone()).await.done();
    // Another process on the same machine issues and revokes while it serves.
    let issue = ["token", "issue", "--network", "praha", "--role", "operator"];
    let (_, issued) = run(folder.path(), &issue);
    let other = Client::new(url, "praha").with_token(issued["token"].as_str().expect("a token"));
    other.post("/accesses", scope.clone()).await.done();
    let access = issued["access_id"].as_str().expect("an id");
    let (revoked, _) = run(
        folder.path(),
        &["token", "revoke", "--network", "praha", access],
    );
    assert!(revoked);
    wait::until("the revoked token to open nothing", async || {
        let status = other.post("/accesses", scope.clone()).await.status;
        (status == 401).then_some(())
    })
    .await;

    let pid = server.0.id().to_string();
    let signalled = Command::new("kill").args(["-TERM", &pid]).status();
    assert!(signalled.expect("kill starts").success());
    assert!(server.0.wait().expect("its end").success());
}
