use std::any::Any;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use infra::sqlite::SqliteLog;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use super::super::given::{command_id, done, keyed, one, stream};
use super::super::{Handle, Harness};

struct InFile(TempDir);

impl InFile {
    fn path(&self) -> PathBuf {
        self.0.path().join("log.db")
    }

    async fn connect(&self) -> SqliteConnection {
        let url = format!("sqlite:{}", self.path().display());
        SqliteConnection::connect(&url).await.expect("a connection")
    }
}

pub async fn open(path: &Path) -> Handle {
    Handle::of(SqliteLog::open(path).await.expect("a log"))
}

impl Harness for InFile {
    async fn fresh() -> Self {
        let file = Self(tempfile::tempdir().expect("a folder"));
        open(&file.path()).await;
        file
    }

    async fn open(&self) -> Handle {
        open(&self.path()).await
    }

    async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        let mut connection = self.connect().await;
        sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
    }

    async fn slow_transaction(&self) -> Box<dyn Any + Send> {
        let mut connection = self.connect().await;
        sqlx::raw_sql("BEGIN; SELECT count(*) FROM events")
            .execute(&mut connection)
            .await
            .expect("a transaction that reads");
        Box::new(connection)
    }

    fn address(&self) -> Option<String> {
        Some(format!("file:{}", self.path().display()))
    }
}

conformance!(InFile);

#[tokio::test]
async fn only_the_owner_reads_the_files() {
    let file = InFile::fresh().await;
    let _open = file.open().await;
    let files = std::fs::read_dir(file.0.path()).expect("a folder");
    for entry in files {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{:?}", entry.path());
    }
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused() {
    let file = InFile::fresh().await;
    file.tamper("PRAGMA user_version = 1000")
        .await
        .expect("a pragma");
    assert!(SqliteLog::open(file.path()).await.is_err());
}

#[tokio::test]
async fn a_file_of_an_older_program_is_brought_up_to_date() {
    let file = InFile(tempfile::tempdir().expect("a folder"));
    let url = format!("sqlite:{}?mode=rwc", file.path().display());
    let mut connection = SqliteConnection::connect(&url).await.expect("a file");
    let first = concat!(
        include_str!("../../../../../infra/src/sqlite/schema/log_1.sql"),
        "PRAGMA user_version = 1;"
    );
    let made = sqlx::raw_sql(first).execute(&mut connection).await;
    made.expect("the schema of before");
    connection.close().await.expect("closed");
    let handle = file.open().await;
    let command = keyed(one(&*handle.log, stream(1), 0), "k");
    assert_eq!(done(handle.log.append(command).await), 1);
    let kept = handle.lookup.answer(command_id("k")).await;
    assert!(kept.expect("a look").is_some());
}
