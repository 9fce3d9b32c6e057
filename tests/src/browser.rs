//! Walks through pages in a real browser, written in tests/browser/walks.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::servers::tool;
use crate::workspace;

/// Takes the walk `name` on the pages at `url` and hands back what it found. `facts` is an object with
/// what the walk must know, such as tokens. Pictures lie in `target/screenshots/<name>`.
pub fn walk(name: &str, url: &str, facts: &Value) -> Value {
    let folder = workspace::root().join("tests/browser");
    assert!(
        folder.join("node_modules/playwright-core").is_dir(),
        "playwright-core is missing: `./tests/run` installs it"
    );
    let mut input = facts.clone();
    input["url"] = json!(url);
    input["screenshots"] = json!(screenshots());
    let mut node = Command::new(tool("SOSPESO_NODE", "node", []))
        .arg(folder.join("walk.mjs"))
        .arg(name)
        .env("SOSPESO_CHROMIUM", tool("SOSPESO_CHROMIUM", "chromium", []))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut stdin = node.stdin.take().expect("a piped stdin");
    stdin
        .write_all(input.to_string().as_bytes())
        .expect("node reads its input");
    drop(stdin);
    let output = node.wait_with_output().expect("node ends");
    let (found, log) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(
        output.status.success(),
        "the walk {name} failed:\n{found}{log}"
    );
    let last = found.lines().last().expect("a walk prints what it found");
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{last:?}: {error}"))
}

/// Where the pictures of all walks lie.
pub fn screenshots() -> PathBuf {
    workspace::target().join("screenshots")
}
