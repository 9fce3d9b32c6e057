//! One at a time: commands of this process that would count on the same number wait for each other,
//! so that they do not decide again and again. Between processes a unique key decides.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

/// The most numbers that are remembered. One that is forgotten while somebody has its turn costs a
/// second attempt, no more.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(1024).expect("not zero");

type Waiting = Arc<tokio::sync::Mutex<()>>;

/// Who waits for what.
pub(crate) struct Turns(Mutex<LruCache<Uuid, Waiting>>);

/// A turn; dropping it gives it to the next.
pub(crate) type Turn = OwnedMutexGuard<()>;

impl Default for Turns {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(REMEMBERED)))
    }
}

impl Turns {
    /// Waits for the turn on this.
    pub async fn take(&self, on: Uuid) -> Turn {
        let waiting = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.get_or_insert(on, Waiting::default).clone()
        };
        waiting.lock_owned().await
    }
}
