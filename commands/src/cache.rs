//! The states of streams as they were after their last known event, so that most loads are saved.

use std::any::Any;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;
use uuid::Uuid;

/// The most streams that are remembered.
const CAPACITY: NonZeroUsize = NonZeroUsize::new(50_000).expect("not zero");

/// A state and the version that it belongs to. It may be out of date: the append checks.
#[derive(Clone)]
pub(crate) struct Cached {
    pub version: i64,
    pub state: Arc<dyn Any + Send + Sync>,
    /// An append said that the log is ahead: load what is new before deciding.
    pub behind: bool,
}

pub(crate) struct Cache(Mutex<LruCache<Uuid, Cached>>);

impl Default for Cache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CAPACITY)))
    }
}

impl Cache {
    pub fn get(&self, id: Uuid) -> Option<Cached> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    /// Keeps the newer of what is known and what is new.
    pub fn put(&self, id: Uuid, cached: Cached) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if streams
            .peek(&id)
            .is_none_or(|known| known.version <= cached.version)
        {
            streams.put(id, cached);
        }
    }

    /// Has streams of which nothing is known read before they are decided on.
    pub fn put_unread(&self, ids: impl Iterator<Item = Uuid>) {
        for id in ids {
            let unread = Cached {
                version: 0,
                state: Arc::new(()),
                behind: true,
            };
            self.put(id, unread);
        }
    }

    pub fn mark_behind(&self, ids: impl Iterator<Item = Uuid>) {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for id in ids {
            if let Some(cached) = streams.peek_mut(&id) {
                cached.behind = true;
            }
        }
    }
}
