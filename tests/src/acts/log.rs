//! A log that is a list.

use std::sync::Arc;

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

/// A log that gives the first page only when it is let; one event it gives at once, as one looks for a
/// moment.
pub struct HeldLog {
    /// The log.
    pub log: Arc<dyn Log>,
    /// Whether it is let.
    pub open: watch::Receiver<bool>,
}

impl Log for HeldLog {
    fn log_id(&self) -> Uuid {
        self.log.log_id()
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>> {
        let mut open = self.open.clone();
        Box::pin(async move {
            if after == 0 && limit > 1 {
                let opened = open.wait_for(|open| *open).await;
                opened.map_err(StoreError::broken)?;
            }
            self.log.read(after, limit).await
        })
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, StoreError>> {
        self.log.head()
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.log.changes()
    }
}
