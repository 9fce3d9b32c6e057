//! Text that only its key opens. The log, the views and every copy hold this and never the text.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::text::Slug;
use crate::{help_request, subject, task};

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

/// A personal text on its way to the vault: 1 to [`MAX_TEXT`] bytes, not only white space. It can
/// be read in and sealed, but neither stored nor shown: even its debug form says nothing.
#[derive(Clone, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "String")]
#[schema(value_type = String, max_length = 4096)]
pub struct PersonalText(String);

/// Why a personal text is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a text has 1 to {MAX_TEXT} bytes and is not only white space")]
pub struct NoText;

impl PersonalText {
    /// The text itself, for the vault.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for PersonalText {
    type Error = NoText;

    fn try_from(text: String) -> Result<Self, NoText> {
        if text.len() <= MAX_TEXT && !text.trim().is_empty() {
            Ok(Self(text))
        } else {
            Err(NoText)
        }
    }
}

impl std::fmt::Debug for PersonalText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PersonalText(…)")
    }
}

/// Where a sealed text belongs. It is authenticated with the text, so that a ciphertext cannot be
/// moved to another record or field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SealedField {
    /// The network.
    pub network: Slug,
    /// The aggregate's type.
    pub aggregate_type: &'static str,
    /// The aggregate's id.
    pub aggregate_id: Uuid,
    /// The field's name in the event, e.g. `note`.
    pub field: &'static str,
}

/// Who may read a sealed field while its key exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// Anybody; sealed only so that it can be erased.
    Public,
    /// Whoever is a member of the network, and its coordinators and operators.
    Members,
    /// Who holds a claim, and until [`crate::help::INVOLVED_AFTER`] its end; the person; a
    /// coordinator.
    Involved,
}

/// A field of an event that holds a [`Sealed`], declared next to the event's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SealedSpec {
    /// `aggregate.act`.
    pub event_type: &'static str,
    /// The field's name in the event, e.g. `note`.
    pub field: &'static str,
    /// Who may read it.
    pub audience: Audience,
}

/// Every sealed field of every event type. A test compares it with the golden files and with the
/// fields of the types, so that none can be forgotten.
#[must_use]
pub fn fields() -> Vec<SealedSpec> {
    [
        help_request::request::SEALED,
        help_request::edit::SEALED,
        subject::set_contact::SEALED,
        task::create::SEALED,
    ]
    .concat()
}

/// What becomes of a sealed text when the rest of a record is edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stays as it is.
    Keep,
    /// It is no longer shown.
    Remove,
    /// Another takes its place.
    Set(Sealed),
}

impl Change {
    /// The text after the change.
    #[must_use]
    pub fn of(&self, before: Option<&Sealed>) -> Option<Sealed> {
        match self {
            Self::Keep => before.cloned(),
            Self::Remove => None,
            Self::Set(sealed) => Some(sealed.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_text_is_bounded_and_never_shown() {
        let text = |text: &str| PersonalText::try_from(text.to_owned());
        let plain = text("třetí patro, zvonek vlevo").expect("a text");
        assert_eq!(format!("{plain:?}"), "PersonalText(…)");
        assert_eq!(plain.reveal(), "třetí patro, zvonek vlevo");
        assert_eq!(text("  \n"), Err(NoText));
        assert!(text(&"a".repeat(MAX_TEXT)).is_ok());
        assert_eq!(text(&"a".repeat(MAX_TEXT + 1)), Err(NoText));
    }
}
