//! The port of the log, as read models read it: by position, from the first event on.

use domain::envelope::Recorded;
use futures::future::BoxFuture;
use tokio::sync::watch;
use uuid::Uuid;

use crate::store::StoreError;

/// The log as a reader sees it.
pub trait Log: Send + Sync {
    /// The random id of this log.
    fn log_id(&self) -> Uuid;

    /// Up to `limit` events after `after`, in order of position; final.
    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>>;

    /// The last position.
    fn head(&self) -> BoxFuture<'_, Result<i64, StoreError>>;

    /// Wakes readers: holds a position that was the head at some time. A hint.
    fn changes(&self) -> watch::Receiver<i64>;
}
