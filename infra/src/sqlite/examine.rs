//! How the file of the log stands, for the operator.

use commands::log::LogError;

use super::connection::broken;
use super::log::SqliteLog;

/// What SQLite says of the log's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// SQLite's version.
    pub version: String,
    /// `wal`, unless something is wrong.
    pub journal_mode: String,
    /// 2 = FULL: what was answered as written survives the loss of power.
    pub synchronous: i64,
    /// `ok`, or what is damaged.
    pub quick_check: String,
}

impl SqliteLog {
    /// Asks the engine; reads the whole file once.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub async fn examine(&self) -> Result<Examined, LogError> {
        let mut on = self.database.writer.acquire().await.map_err(broken)?;
        let version = sqlx::query_scalar("SELECT sqlite_version()");
        let version = version.fetch_one(&mut *on).await.map_err(broken)?;
        let mode = sqlx::query_scalar("PRAGMA journal_mode");
        let journal_mode = mode.fetch_one(&mut *on).await.map_err(broken)?;
        let level = sqlx::query_scalar("PRAGMA synchronous");
        let synchronous = level.fetch_one(&mut *on).await.map_err(broken)?;
        let check = sqlx::query_scalar("PRAGMA quick_check(1)");
        let quick_check = check.fetch_one(&mut *on).await.map_err(broken)?;
        Ok(Examined {
            version,
            journal_mode,
            synchronous,
            quick_check,
        })
    }
}
