//! `sospeso projection verify` finds a row that was changed behind our back, on both engines.

use std::process::Command;

use serde_json::Value;
use sqlx::Connection as _;
use tests::app::TestApp;
use tests::{wait, workspace};

/// What the binary prints about the voucher board, and its exit code. The gateway of the test goes on
/// meanwhile: it may be in the middle of a write for which the binary waits.
async fn verify(app: &TestApp, form: &'static [&'static str]) -> (Option<i32>, String) {
    let mut command = Command::new(workspace::binary());
    command
        .args(["projection", "verify", "voucher_board", "--data"])
        .arg(app.folder())
        .args(form)
        .env_clear();
    if let Some(database) = app.database() {
        command.args(["--database-url", database.owner_url()]);
    }
    let running = tokio::task::spawn_blocking(move || command.output());
    let output = running.await.expect("no panic").expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    (output.status.code(), text)
}

/// Whether the binary finds the board as it should be, and the exit code that says so.
async fn same(app: &TestApp) -> (Option<i32>, Value) {
    let (code, text) = verify(app, &["--json"]).await;
    let first = text.lines().next().unwrap_or("null");
    let answer: Value = serde_json::from_str(first).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (code, answer["read_models"][0]["same"].clone())
}

async fn a_changed_row_is_found(app: TestApp) {
    app.coffees_on_board(2).await;
    wait::until("the board to show both", async || {
        let board = app.public().get("/venue-availability").await.done();
        (board["hosts"][0]["items"][0]["on_board"] == 2).then_some(())
    })
    .await;
    assert_eq!(same(&app).await, (Some(0), true.into()));
    tamper(&app).await;
    assert_eq!(same(&app).await, (Some(1), false.into()));
    let (_, said) = verify(&app, &[]).await;
    assert!(said.contains("DIFFERS"), "{said}");
}

/// One voucher more is said to wait than there is.
async fn tamper(app: &TestApp) {
    let find = "SELECT number FROM read_model_copy WHERE name = 'voucher_board'";
    let change = |number: i64, schema: &str| {
        format!("UPDATE {schema}voucher_board_board__{number} SET waiting = waiting + 1")
    };
    if let Some(database) = app.database() {
        let url = database.owner_url();
        let mut owner = sqlx::PgConnection::connect(url).await.expect("the owner");
        let number: i64 =
            sqlx::query_scalar(&find.replace("read_model_copy", "views.read_model_copy"))
                .fetch_one(&mut owner)
                .await
                .expect("a copy");
        let changed = sqlx::query(&change(number, "views."))
            .execute(&mut owner)
            .await;
        assert!(changed.expect("changed").rows_affected() > 0);
    } else {
        let file = format!("sqlite://{}", app.folder().join("views.db").display());
        let mut views = sqlx::SqliteConnection::connect(&file)
            .await
            .expect("the views");
        let number: i64 = sqlx::query_scalar(find)
            .fetch_one(&mut views)
            .await
            .expect("a copy");
        let changed = sqlx::query(&change(number, "")).execute(&mut views).await;
        assert!(changed.expect("changed").rows_affected() > 0);
    }
}

#[tokio::test]
async fn on_sqlite() {
    a_changed_row_is_found(TestApp::start().await).await;
}

#[tokio::test]
async fn on_postgres() {
    a_changed_row_is_found(TestApp::on_postgres().await).await;
}
