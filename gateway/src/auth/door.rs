//! Opens tokens: from what is remembered for a moment, or from the log.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use commands::access::holder;
use commands::executor::{Desk, Failure};
use commands::principal::Principal;
use domain::access::Access;
use domain::ids::AccessId;
use lru::LruCache;

/// How long another gateway may take to notice that a token was revoked.
const REMEMBERED_FOR: Duration = Duration::from_secs(2);
/// The most tokens and accesses that are remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(10_000).expect("not zero");
/// The longest token that is looked at.
const MAX_TOKEN: usize = 200;

/// Remembers who holds which token. Tokens themselves are not kept, only their digests.
pub struct Door {
    tokens: Mutex<LruCache<String, AccessId>>,
    accesses: Mutex<LruCache<AccessId, (Instant, Arc<Access>)>>,
    /// Goes up with every revocation, so that a read that began before one is not remembered.
    revocations: AtomicU64,
}

impl Default for Door {
    fn default() -> Self {
        Self {
            tokens: Mutex::new(LruCache::new(REMEMBERED)),
            accesses: Mutex::new(LruCache::new(REMEMBERED)),
            revocations: AtomicU64::new(0),
        }
    }
}

impl Door {
    /// Whoever holds this token now.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn open_token(
        &self,
        desk: &Arc<Desk>,
        token: &str,
    ) -> Result<Option<Principal>, Failure> {
        match self.access_of(desk, token).await? {
            Some(id) => self.open_access(desk, id).await,
            None => Ok(None),
        }
    }

    /// The access that a token belongs to; that never changes.
    ///
    /// # Errors
    /// If the lookups are away.
    pub async fn access_of(
        &self,
        desk: &Arc<Desk>,
        token: &str,
    ) -> Result<Option<AccessId>, Failure> {
        if token.len() > MAX_TOKEN {
            return Ok(None);
        }
        let digest = commands::tokens::digest(token);
        if let Some(id) = lock(&self.tokens).get(&digest) {
            return Ok(Some(*id));
        }
        let found = holder::access_of(desk, token).await?;
        if let Some(id) = found {
            lock(&self.tokens).put(digest, id);
        }
        Ok(found)
    }

    /// Whoever holds this access now; `None` when it was revoked or is over.
    ///
    /// # Errors
    /// If the log is away.
    pub async fn open_access(
        &self,
        desk: &Arc<Desk>,
        id: AccessId,
    ) -> Result<Option<Principal>, Failure> {
        let known = lock(&self.accesses).get(&id).cloned();
        if let Some((read_at, access)) = known
            && read_at.elapsed() < REMEMBERED_FOR
        {
            return Ok(holder::holder(desk, id, &access));
        }
        let (read_at, revocations) = (Instant::now(), self.revocations.load(Ordering::SeqCst));
        let access = Arc::new(holder::access(desk, id).await?);
        let mut accesses = lock(&self.accesses);
        if revocations == self.revocations.load(Ordering::SeqCst) {
            accesses.put(id, (read_at, Arc::clone(&access)));
        }
        drop(accesses);
        Ok(holder::holder(desk, id, &access))
    }

    /// After a revocation: this process asks the log again at once.
    pub fn forget(&self, id: AccessId) {
        let mut accesses = lock(&self.accesses);
        self.revocations.fetch_add(1, Ordering::SeqCst);
        accesses.pop(&id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
