//! The vault: personal text is sealed under a key of its own, and forgotten with that key.
//!
//! Keys lie in a table of their own, each wrapped by the master key, which is never in a database.

pub mod backup;
pub mod history;
pub mod keys;
pub mod master;
pub mod rewrap;

mod postgres_keys;
mod sealing;
mod sqlite_keys;

pub use postgres_keys::PgKeys;
pub use sqlite_keys::SqliteKeys;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use commands::vault::{Vault, VaultError};
use domain::sealed::{MAX_TEXT, Sealed, SealedField};
use futures::future::BoxFuture;
use lru::LruCache;
use uuid::Uuid;
use zeroize::Zeroizing;

use keys::{Kept, KeyTable};
use master::MasterKey;
use sealing::Key;

/// The most unwrapped keys that are held in memory.
const CACHED_KEYS: NonZeroUsize = NonZeroUsize::new(4096).expect("not zero");
/// How long an unwrapped key is used without asking the table: the longest that this process opens
/// what another process blocked.
const MAX_AGE: Duration = Duration::from_secs(5);
/// The row whose key seals nothing: it tells whether the master key is the right one.
const CANARY: Uuid = Uuid::nil();

/// The vault over a table of keys.
pub struct SealingVault {
    log_id: Uuid,
    master: MasterKey,
    table: Arc<dyn KeyTable>,
    unwrapped: Mutex<LruCache<Uuid, Unwrapped>>,
}

struct Unwrapped {
    key: Key,
    since: Instant,
}

impl SealingVault {
    /// The vault of this log.
    ///
    /// # Errors
    /// If the keys in the table were wrapped with another master key, or the table is away.
    pub async fn open(
        log_id: Uuid,
        master: MasterKey,
        table: Arc<dyn KeyTable>,
    ) -> Result<Self, VaultError> {
        let proposed = sealing::wrap(&master, CANARY, &sealing::new_key())?;
        let canary = table.add(CANARY, proposed).await?;
        sealing::unwrap(&master, CANARY, &canary.wrapped.unwrap_or_default()).map_err(|_| {
            VaultError::Broken("the keys were wrapped with another master key".to_owned())
        })?;
        Ok(Self {
            log_id,
            master,
            table,
            unwrapped: Mutex::new(LruCache::new(CACHED_KEYS)),
        })
    }

    async fn key(&self, key_id: Uuid) -> Result<Option<Key>, VaultError> {
        let cached = self.cache().get(&key_id).and_then(|unwrapped| {
            (unwrapped.since.elapsed() < MAX_AGE).then(|| unwrapped.key.clone())
        });
        if cached.is_some() {
            return Ok(cached);
        }
        self.cache().pop(&key_id);
        match self.table.find(key_id).await? {
            Some(kept) => self.unwrap(key_id, kept).map(Some),
            None => Ok(None),
        }
    }

    async fn key_or_new(&self, key_id: Uuid) -> Result<Key, VaultError> {
        if let Some(key) = self.key(key_id).await? {
            return Ok(key);
        }
        let proposed = sealing::wrap(&self.master, key_id, &sealing::new_key())?;
        // Of several processes one is first; its key counts, and is durable by now.
        let kept = self.table.add(key_id, proposed).await?;
        self.unwrap(key_id, kept)
    }

    fn unwrap(&self, key_id: Uuid, kept: Kept) -> Result<Key, VaultError> {
        let Kept {
            wrapped: Some(wrapped),
            blocked: false,
        } = kept
        else {
            return Err(VaultError::Erased);
        };
        let key = sealing::unwrap(&self.master, key_id, &wrapped)?;
        let unwrapped = Unwrapped {
            key: key.clone(),
            since: Instant::now(),
        };
        self.cache().put(key_id, unwrapped);
        Ok(key)
    }

    fn cache(&self) -> MutexGuard<'_, LruCache<Uuid, Unwrapped>> {
        self.unwrapped
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for SealingVault {
    fn seal(
        &self,
        key_id: Uuid,
        field: SealedField,
        text: String,
    ) -> BoxFuture<'_, Result<Sealed, VaultError>> {
        let text = Zeroizing::new(text);
        Box::pin(async move {
            if text.len() > MAX_TEXT {
                return Err(VaultError::TooLong);
            }
            let key = self.key_or_new(key_id).await?;
            sealing::seal(
                &key,
                key_id,
                &sealing::place(self.log_id, &field, key_id),
                &text,
            )
        })
    }

    fn open(
        &self,
        field: SealedField,
        sealed: Sealed,
    ) -> BoxFuture<'_, Result<String, VaultError>> {
        Box::pin(async move {
            let key = self.key(sealed.key_id).await?.ok_or(VaultError::Forged)?;
            let place = sealing::place(self.log_id, &field, sealed.key_id);
            sealing::open(&key, &place, &sealed)
        })
    }

    fn block(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            let blocked = self.table.block(key_id).await;
            self.cache().pop(&key_id);
            blocked
        })
    }

    fn destroy(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
        Box::pin(async move {
            let destroyed = self.table.destroy(key_id).await;
            self.cache().pop(&key_id);
            destroyed
        })
    }

    fn holds(&self, key_id: Uuid) -> BoxFuture<'_, Result<bool, VaultError>> {
        Box::pin(async move {
            let kept = self.table.find(key_id).await?;
            Ok(kept.is_some_and(|kept| kept.wrapped.is_some()))
        })
    }
}
