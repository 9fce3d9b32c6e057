//! A log that is a list.

use domain::envelope::Recorded;
use futures::future::BoxFuture;
use projections::log::Log;
use projections::store::StoreError;
use tokio::sync::watch;
use uuid::Uuid;

use super::LOG_ID;

/// A log that ends where the story ended.
pub struct ListLog {
    recorded: Vec<Recorded>,
    changes: watch::Sender<i64>,
}

impl ListLog {
    /// A log of these events.
    pub fn of(recorded: Vec<Recorded>) -> Self {
        let head = recorded.last().map_or(0, |last| last.position);
        Self {
            recorded,
            changes: watch::Sender::new(head),
        }
    }
}

impl Log for ListLog {
    fn log_id(&self) -> Uuid {
        LOG_ID
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>> {
        let after = usize::try_from(after).unwrap_or(usize::MAX);
        let page = self.recorded.iter().skip(after).take(limit);
        let page: Vec<Recorded> = page.cloned().collect();
        Box::pin(async { Ok(page) })
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, StoreError>> {
        let head = *self.changes.borrow();
        Box::pin(async move { Ok(head) })
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.changes.subscribe()
    }
}
