//! The table of wrapped keys, as the vault needs it of any database.

use commands::vault::VaultError;
use futures::future::BoxFuture;
use uuid::Uuid;

/// A row of the table. It outlives its key, so that no key is ever made again under its id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The key, sealed under the master key; `None` once it is destroyed.
    pub wrapped: Option<Vec<u8>>,
    /// Whether it is no longer used, though it may still exist.
    pub blocked: bool,
}

/// Where wrapped keys lie. What is answered is durable.
pub trait KeyTable: Send + Sync {
    /// The row of this id.
    fn find(&self, key_id: Uuid) -> BoxFuture<'_, Result<Option<Kept>, VaultError>>;

    /// Adds a row unless there is one, and answers the one that there is then.
    fn add(&self, key_id: Uuid, wrapped: Vec<u8>) -> BoxFuture<'_, Result<Kept, VaultError>>;

    /// Blocks the key, or, where there is none, that there ever will be one. Repeatable.
    fn block(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Blocks the key and overwrites it. Repeatable.
    fn destroy(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Up to `limit` rows with an id after `after`, in order of id; `None` = from the first on.
    fn page(
        &self,
        after: Option<Uuid>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<(Uuid, Kept)>, VaultError>>;

    /// Adds rows out of a backup where there are none, and says how many. A row that is there is
    /// never changed, so that no key comes back that was destroyed.
    fn put_back(&self, rows: Vec<(Uuid, Kept)>) -> BoxFuture<'_, Result<u64, VaultError>>;

    /// Puts a key that is wrapped anew in the place of what it was; says whether it was still that.
    fn rewrap(
        &self,
        key_id: Uuid,
        old: Vec<u8>,
        new: Vec<u8>,
    ) -> BoxFuture<'_, Result<bool, VaultError>>;

    /// Sees to it that no file of the table holds the bytes of a destroyed key any more, as far as
    /// its database lets this login.
    fn scrub(&self) -> BoxFuture<'_, Result<(), VaultError>>;
}
