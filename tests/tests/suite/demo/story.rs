//! The totals are the real ones, and starting again loses nothing and doubles nothing.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tests::demo::Demo;
use tests::{wait, workspace};

use super::{TODAY, ask};

const TOTALS: &str = "/api/v1/networks/praha/campaign-totals";

fn of_year(totals: &Value, year: i64) -> Value {
    let years = totals["years"].as_array().expect("years");
    years
        .iter()
        .find(|one| one["year"] == year)
        .expect("the year")
        .clone()
}

fn assert_real(totals: &Value) {
    for (year, purchased) in [(2019, 170), (2020, 2_255), (2021, 1_337)] {
        assert_eq!(
            of_year(totals, year)["purchased_units"],
            purchased,
            "{year}"
        );
    }
    assert_eq!(of_year(totals, 2021)["redeemed_same_year_units"], 1_337);
}

#[tokio::test]
async fn the_totals_of_the_years_are_the_real_ones() {
    let demo = Demo::start_with(&TODAY);
    assert_real(&ask(&demo.ready.url, TOTALS, None).await);
    let roles: Vec<_> = demo.ready.tokens.keys().map(String::as_str).collect();
    let all = [
        "analyst",
        "auditor",
        "coordinator",
        "member",
        "operator",
        "organisation",
        "venue",
    ];
    assert_eq!(roles, all);
    let coverage = ask(
        &demo.ready.url,
        "/api/v1/networks/praha/district-coverage",
        None,
    )
    .await;
    assert_eq!(
        coverage["districts"].as_array().expect("districts").len(),
        57
    );
}

/// Killed while it tells the story, and started again on the same data.
#[tokio::test]
async fn a_demo_that_was_killed_goes_on_where_it_was() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut first = start(folder.path());
    let log = folder.path().join("log.db-wal");
    wait::until_blocking("the story to have begun", || {
        std::fs::metadata(&log)
            .ok()
            .filter(|log| log.len() > 1_000_000)
    });
    first.kill().expect("kill -9");
    first.wait().expect("an end");
    let mut second = start(folder.path());
    let ready = line(&mut second);
    let url = ready["url"].as_str().expect("a URL");
    assert_real(&ask(url, TOTALS, None).await);
    second.kill().expect("kill -9");
    second.wait().expect("an end");
    let mut third = start(folder.path());
    let again = line(&mut third);
    third.kill().expect("kill -9");
    third.wait().expect("an end");
    assert_eq!(again["tokens"], ready["tokens"]);
    assert_eq!(
        again["donor_link"].as_str().map(last_part),
        ready["donor_link"].as_str().map(last_part)
    );
    holds(folder.path(), "conserve");
    holds(folder.path(), "verify");
}

/// Whether the log of the demo adds up, or is what was signed.
fn holds(data: &Path, verb: &str) {
    let mut command = Command::new(workspace::binary());
    command.args(["audit", verb, "--json", "--data"]).arg(data);
    for name in ["DATABASE_URL", "NATS_URL"] {
        command.env_remove(name);
    }
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{verb}: {said}");
}

fn last_part(link: &str) -> String {
    link.rsplit('/').next().unwrap_or_default().to_owned()
}

fn start(data: &Path) -> Child {
    let mut command = Command::new(workspace::binary());
    command
        .args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"])
        .arg(data)
        .args(TODAY);
    for name in ["DATABASE_URL", "NATS_URL"] {
        command.env_remove(name);
    }
    command.stdout(Stdio::piped()).spawn().expect("the demo")
}

/// The one line that it prints when it is ready.
fn line(demo: &mut Child) -> Value {
    use std::io::{BufRead, BufReader};
    let output = demo.stdout.take().expect("its output");
    let line = BufReader::new(output)
        .lines()
        .next()
        .expect("a line")
        .expect("text");
    serde_json::from_str(&line).expect("JSON")
}
