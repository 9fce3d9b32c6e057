//! The log's key and the master key are changed on an installation: begun, used, finished.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tests::workspace;

const FOUND: &str = "init --network praha --name Lev --currency CZK --timezone Europe/Prague \
    --country CZ --languages cs";

fn sospeso(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new(workspace::binary());
    command
        .args(arguments.split_whitespace())
        .args(["--json", "--data", "data"])
        .env_clear()
        .current_dir(folder);
    command
}

/// Runs it to its end and reads the first line that it printed.
fn run(folder: &Path, arguments: &str) -> (bool, Value) {
    let output = sospeso(folder, arguments).output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let first = text.lines().next().unwrap_or("null");
    let json = serde_json::from_str(first).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (output.status.success(), json)
}

fn done(folder: &Path, arguments: &str) -> Value {
    let (success, answer) = run(folder, arguments);
    assert!(success, "{arguments}: {answer}");
    answer
}

fn refused(folder: &Path, arguments: &str, why: &str) {
    let (success, answer) = run(folder, arguments);
    let error = answer["error"].as_str().unwrap_or_default();
    assert!(!success && error.contains(why), "{arguments}: {answer}");
}

/// Records something, and lets a gateway seal it until it is asked to end.
fn served(folder: &Path) {
    done(folder, "token issue --network praha --role analyst");
    let mut serve = sospeso(folder, "serve --listen 127.0.0.1:0");
    let mut server = serve.stdout(Stdio::piped()).spawn().expect("it starts");
    let said = BufReader::new(server.stdout.take().expect("its output"));
    let ready = said.lines().next().expect("a line").expect("text");
    assert!(ready.contains("url"), "{ready}");
    let ended = Command::new("kill").arg(server.id().to_string()).status();
    assert!(ended.expect("kill").success());
    assert!(server.wait().expect("an end").success());
}

#[test]
fn the_old_key_signs_until_everybody_has_the_new_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    done(folder, FOUND);
    served(folder);
    refused(folder, "keys change-log-key --finish", "not being changed");
    let begun = done(folder, "keys change-log-key");
    let key = |name: &str| begun[name].as_str().expect("a key").to_owned();
    let (new, old) = (key("key"), key("before"));
    assert_ne!(new, old);
    refused(folder, "keys change-log-key", "is being changed");
    refused(
        folder,
        "keys change-log-key --finish",
        "not signed with the new key yet",
    );

    served(folder);
    for one in [&new, &old] {
        let both = format!(
            "audit verify --key {one} --key {}",
            if one == &new { &old } else { &new }
        );
        done(folder, &both);
    }
    done(folder, &format!("audit verify --key {old}"));
    let finished = done(folder, "keys change-log-key --finish");
    assert_eq!(
        (&finished["key"], &finished["former"]),
        (&json!(new), &json!(old))
    );

    served(folder);
    let report = done(folder, "audit verify");
    assert_eq!(report["vouched"], true, "it knows the old key: {report}");
    done(folder, "audit export --out bundle");
    let checked = done(folder, "audit check bundle");
    assert_eq!(checked["keys"], json!([new, old]));
    let by_new = done(folder, &format!("audit check bundle --key {new}"));
    assert_eq!(by_new["signed"], checked["signed"]);
    let by_old = done(folder, &format!("audit check bundle --key {old}"));
    assert!(
        by_old["signed"].as_i64() < checked["signed"].as_i64(),
        "{by_old}"
    );
}

#[test]
fn the_keys_of_people_are_wrapped_with_another_master_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    done(folder, FOUND);
    refused(
        folder,
        "keys change-master-key --finish",
        "not being changed",
    );
    done(folder, "keys change-master-key");
    refused(folder, "keys change-master-key", "is being changed");
    done(folder, "token issue --network praha --role analyst");
    let finished = done(folder, "keys change-master-key --finish");
    assert_eq!(
        finished["rewrapped"], 1,
        "the one that tells master keys apart"
    );
    done(folder, "token issue --network praha --role analyst");
}
