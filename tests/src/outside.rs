//! Clients in another language, which know nothing of our code: scripts of tests/outside.

use std::process::Command;

use serde_json::Value;

use crate::workspace;

/// Runs `tests/outside/<script>.py` and hands back the JSON value of each line it printed.
pub fn python(script: &str, arguments: &[&str]) -> Vec<Value> {
    let python = std::env::var_os("SOSPESO_PYTHON").map_or_else(
        || workspace::target().join("outside-python/bin/python3"),
        Into::into,
    );
    assert!(
        python.is_file(),
        "the Python clients are missing: `./tests/run` installs them"
    );
    let path = workspace::root()
        .join("tests/outside")
        .join(script)
        .with_extension("py");
    let output = Command::new(python)
        .arg(path)
        .args(arguments)
        .output()
        .expect("python starts");
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script}.py failed:\n{log}");
    let lines = String::from_utf8(output.stdout).expect("UTF-8");
    let parse = |line: &str| {
        serde_json::from_str(line).unwrap_or_else(|error| panic!("{script}.py: {line:?}: {error}"))
    };
    lines.lines().map(parse).collect()
}
