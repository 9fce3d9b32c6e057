//! The port of the vault: it seals and opens personal text, and forgets.

use domain::sealed::{MAX_TEXT, Sealed, SealedField};
use futures::future::BoxFuture;
use uuid::Uuid;

/// Why the vault does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The key was destroyed, or its person is being forgotten: nothing is sealed or opened.
    #[error("this was erased")]
    Erased,
    /// The sealed text does not belong here, or was changed.
    #[error("the sealed text does not open")]
    Forged,
    /// The text is longer than [`MAX_TEXT`].
    #[error("a personal text has at most {MAX_TEXT} bytes")]
    TooLong,
    /// The database of the keys is away.
    #[error("the vault is away")]
    Unavailable,
    /// Anything else. The text is for the operator's log, never for a caller.
    #[error("the vault failed: {0}")]
    Broken(String),
}

/// The vault.
pub trait Vault: Send + Sync {
    /// Seals a text under a key, which is made durable first if it is new.
    fn seal(
        &self,
        key_id: Uuid,
        field: SealedField,
        text: String,
    ) -> BoxFuture<'_, Result<Sealed, VaultError>>;

    /// Opens a sealed text.
    fn open(&self, field: SealedField, sealed: Sealed)
    -> BoxFuture<'_, Result<String, VaultError>>;

    /// From now on nothing under this key is sealed or opened; the key itself goes later.
    fn block(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Destroys the key. Repeatable.
    fn destroy(&self, key_id: Uuid) -> BoxFuture<'_, Result<(), VaultError>>;

    /// Whether the key exists.
    fn holds(&self, key_id: Uuid) -> BoxFuture<'_, Result<bool, VaultError>>;
}
