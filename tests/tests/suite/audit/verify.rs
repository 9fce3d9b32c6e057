//! `sospeso projection verify` finds a row that was changed behind our back, on both engines.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use sqlx::Connection as _;
use tests::app::TestApp;
use tests::{wait, workspace};

/// What the binary says about the voucher board, and whether it succeeded.
fn verify(folder: &Path, database: Option<&str>) -> (Option<i32>, Value) {
    let mut command = Command::new(workspace::binary());
    command
        .args(["projection", "verify", "voucher_board", "--json", "--data"])
        .arg(folder)
        .env_clear();
    if let Some(url) = database {
        command.args(["--database-url", url]);
    }
    let output = command.output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let first = text.lines().next().unwrap_or("null");
    let answer = serde_json::from_str(first).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (output.status.code(), answer)
}

async fn a_changed_row_is_found(app: TestApp) {
    app.coffees_on_board(2).await;
    wait::until("the board to show both", async || {
        let board = app.public().get("/venue-availability").await.done();
        (board["hosts"][0]["items"][0]["on_board"] == 2).then_some(())
    })
    .await;
    let database = app
        .database()
        .map(|database| database.owner_url().to_owned());
    let folder = app.folder().to_owned();
    let (code, answer) = verify(&folder, database.as_deref());
    assert_eq!(
        (code, &answer["read_models"][0]["same"]),
        (Some(0), &true.into()),
        "{answer}"
    );
    tamper(&folder, database.as_deref()).await;
    let (code, answer) = verify(&folder, database.as_deref());
    assert_eq!(
        (code, &answer["read_models"][0]["same"]),
        (Some(1), &false.into()),
        "{answer}"
    );
    let mut text = Command::new(workspace::binary());
    text.args(["projection", "verify", "voucher_board", "--data"])
        .arg(&folder)
        .env_clear();
    if let Some(url) = &database {
        text.args(["--database-url", url]);
    }
    let said = text.output().expect("it starts").stdout;
    assert!(String::from_utf8_lossy(&said).contains("DIFFERS"));
}

/// One voucher more is said to wait than there is.
async fn tamper(folder: &Path, database: Option<&str>) {
    let find = "SELECT number FROM read_model_copy WHERE name = 'voucher_board'";
    let change = |number: i64, schema: &str| {
        format!("UPDATE {schema}voucher_board_board__{number} SET waiting = waiting + 1")
    };
    if let Some(url) = database {
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
        let file = format!("sqlite://{}", folder.join("views.db").display());
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
