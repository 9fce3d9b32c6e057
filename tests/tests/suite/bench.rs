//! The bench in a few seconds: that each of its parts still measures something.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

/// Little of everything.
const SMALL: &str = "all --json --events 1000 --venues 20 --clients 1,8 --seconds 0.1 --rounds 1";

#[test]
fn bench_measures_everything_there_is() {
    let output = Command::new(env!("CARGO_BIN_EXE_bench"))
        .args(SMALL.split(' '))
        .output()
        .expect("it starts");
    let (text, errors) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{errors}");
    let mut measured = BTreeSet::new();
    for line in text.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        assert!(
            line["median"].as_f64().is_some_and(f64::is_finite),
            "{line}"
        );
        measured.insert(line["bench"].as_str().expect("a name").to_owned());
    }
    let all = [
        "append",
        "audit memory",
        "audit replay",
        "audit verify",
        "availability",
        "contention",
        "freshness",
        "http",
        "memory, idle",
        "memory, rebuild",
        "memory, under load",
        "proof",
        "rebuild",
        "relay",
        "replay memory",
        "start",
    ];
    assert_eq!(measured, all.map(str::to_owned).into());
}
