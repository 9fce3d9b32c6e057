//! Ids, instants and JSON as they stand in columns.

use chrono::{DateTime, Utc};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

/// A UUID out of its text.
pub fn uuid(row: &SqliteRow, column: usize) -> Result<Uuid, sqlx::Error> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(undecodable)
}

/// An instant out of its microseconds.
pub fn instant(row: &SqliteRow, column: usize) -> Result<DateTime<Utc>, sqlx::Error> {
    let micros: i64 = row.try_get(column)?;
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| undecodable(format!("{micros} is no instant")))
}

/// JSON out of its text.
pub fn json(row: &SqliteRow, column: usize) -> Result<serde_json::Value, sqlx::Error> {
    let text: &str = row.try_get(column)?;
    serde_json::from_str(text).map_err(undecodable)
}

/// The database holds what nobody wrote.
pub fn undecodable(
    error: impl Into<Box<dyn std::error::Error + Send + Sync + 'static>>,
) -> sqlx::Error {
    sqlx::Error::Decode(error.into())
}
