//! The verbs of `sospeso audit`, each run as the real binary on one small network.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::app::TestApp;
use tests::workspace;

/// Runs the binary on the data of the gateway; every line that it printed is JSON. The gateway needs
/// threads of its own to go on meanwhile.
pub(super) fn audit(app: &TestApp, arguments: &str) -> (bool, Vec<Value>) {
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

pub(super) fn done(app: &TestApp, arguments: &str) -> Vec<Value> {
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
