//! Text that only its key opens. The log, the views and every copy hold this and never the text.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest text that is sealed, in bytes of UTF-8.
pub const MAX_TEXT: usize = 4096;

/// A sealed text: XChaCha20-Poly1305 under the key `key_id`. When the key is destroyed, so is the
/// text, in every copy, while the event and every proof about it stay true.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Sealed {
    /// The version of this format, 1.
    pub v: u8,
    /// The key: a subject's id, or the id of the one record that it belongs to.
    pub key_id: Uuid,
    /// 24 bytes, hexadecimal.
    pub nonce: String,
    /// Ciphertext and tag, hexadecimal.
    pub text: String,
}

/// Where a sealed text belongs. It is authenticated with the text, so that a ciphertext cannot be
/// moved to another record or field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SealedField {
    /// The aggregate's type.
    pub aggregate_type: &'static str,
    /// The aggregate's id.
    pub aggregate_id: Uuid,
    /// The field's name in the event, e.g. `note`.
    pub field: &'static str,
}
