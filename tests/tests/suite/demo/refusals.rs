//! The demo writes into nothing that is not its own.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::servers::postgres;
use tests::workspace;

use super::TODAY;

const FOUND: &str = "init --network praha --name Lev --currency CZK --timezone Europe/Prague \
    --country CZ --languages cs";

/// Runs the binary to its end: whether it went well, and the last line that it printed.
fn run(folder: &Path, arguments: &str, database: Option<&str>) -> (bool, Value) {
    let mut command = Command::new(workspace::binary());
    command
        .args(arguments.split_whitespace())
        .args(["--json", "--data", "data"])
        .env_clear()
        .current_dir(folder);
    command.args(database.iter().flat_map(|url| ["--database-url", url]));
    let output = command.output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let last = text.lines().last().unwrap_or("null");
    (
        output.status.success(),
        serde_json::from_str(last).expect("JSON"),
    )
}

fn demo(folder: &Path, database: Option<&str>) -> String {
    let arguments = format!("demo --listen 127.0.0.1:0 {} {}", TODAY[0], TODAY[1]);
    let (began, answer) = run(folder, &arguments, database);
    assert!(!began);
    answer["error"].as_str().expect("why").to_owned()
}

#[tokio::test]
async fn a_database_with_other_tables_is_named_and_left_alone() {
    let (folder, database) = (
        tempfile::tempdir().expect("a folder"),
        postgres().database().await,
    );
    let connection = PgConnection::connect(database.owner_url()).await;
    let mut connection = connection.expect("a connection");
    let made = connection
        .execute("CREATE TABLE bookings (id bigint)")
        .await;
    made.expect("a table");
    let why = demo(folder.path(), Some(database.owner_url()));
    assert!(
        why.contains(database.name()) && why.contains("bookings"),
        "{why}"
    );
    let schemas: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_namespace WHERE nspname IN ('log', 'views', 'keys')",
    )
    .fetch_one(&mut connection)
    .await
    .expect("a number");
    assert_eq!(schemas, 0, "nothing was made in it");
}

#[tokio::test]
async fn the_log_of_a_real_network_is_left_alone_on_both_engines() {
    let (folder, database) = (
        tempfile::tempdir().expect("a folder"),
        postgres().database().await,
    );
    for database in [None, Some(database.owner_url())] {
        let (founded, answer) = run(folder.path(), FOUND, database);
        assert!(founded, "{answer}");
        let why = demo(folder.path(), database);
        assert!(why.contains("no demo"), "{why}");
        let (_, tail) = run(folder.path(), "events tail --after 0", database);
        assert_eq!(tail["position"], 3, "{tail}");
    }
}
