//! A log that is read without gaps, or not at all.

use domain::envelope::Recorded;
use futures::future::BoxFuture;
use tokio::sync::watch;
use uuid::Uuid;

use crate::log::Log;
use crate::store::StoreError;

/// Reads on only while each position follows the one before.
pub(super) struct Dense<'a>(pub &'a dyn Log);

impl Log for Dense<'_> {
    fn log_id(&self) -> Uuid {
        self.0.log_id()
    }

    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, StoreError>> {
        Box::pin(async move {
            let page = self.0.read(after, limit).await?;
            let expected = after + 1..;
            let gap = page
                .iter()
                .zip(expected)
                .find(|(event, expected)| event.position != *expected);
            match gap {
                None => Ok(page),
                Some((_, expected)) => Err(StoreError::Broken(format!(
                    "position {expected} is missing in the log"
                ))),
            }
        })
    }

    fn head(&self) -> BoxFuture<'_, Result<i64, StoreError>> {
        self.0.head()
    }

    fn changes(&self) -> watch::Receiver<i64> {
        self.0.changes()
    }
}
