//! The event log as read models read it: the same log, seen from the other side.

use std::sync::Arc;

use commands::log::{EventLog, LogError};
use domain::envelope::Recorded;
use futures::future::BoxFuture;
use projections::log::Log;
use projections::store::StoreError;
use tokio::sync::watch;
use uuid::Uuid;

/// Any engine's log, for read models.
#[derive(Clone)]
pub struct LogReader(pub Arc<dyn EventLog>);

fn failed(error: LogError) -> StoreError {
    match error {
        LogError::Unavailable | LogError::Busy => StoreError::Unavailable,
        other @ (LogError::TooLarge | LogError::ClockSkew | LogError::Broken(_)) => {
            StoreError::broken(other)
        }
    }
}

impl Log for LogReader {
    fn log_id(&self) -> Uuid {
        self.0.log_id()
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>> {
        Box::pin(async move { self.0.read(after, limit).await.map_err(failed) })
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, StoreError>> {
        Box::pin(async move { self.0.head().await.map_err(failed) })
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.0.changes()
    }
}
