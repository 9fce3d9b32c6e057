//! How the server of the log stands, for the operator.

use chrono::{DateTime, Utc};

use super::error::OpenError;
use super::log::PgLog;

/// What PostgreSQL says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Examined {
    /// E.g. `16.4`.
    pub version: String,
    /// `on`, or a crash of the machine damages the database.
    pub fsync: String,
    /// In this program's sessions; `on`: what was answered as written survives.
    pub synchronous_commit: String,
    /// The server's clock.
    pub now: DateTime<Utc>,
}

impl PgLog {
    /// Asks the server.
    ///
    /// # Errors
    /// If it does not answer.
    pub async fn examine(&self) -> Result<Examined, OpenError> {
        let (version, fsync, synchronous_commit, now) = sqlx::query_as(
            "SELECT current_setting('server_version'), current_setting('fsync'),
                    current_setting('synchronous_commit'), clock_timestamp()",
        )
        .fetch_one(self.readers())
        .await?;
        Ok(Examined {
            version,
            fsync,
            synchronous_commit,
            now,
        })
    }
}
