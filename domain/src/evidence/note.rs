//! The signed note of C2SP (`c2sp.org/signed-note`): a text with signatures of one or more keys.
//!
//! A note is its text, an empty line and a signature line for each key. Keys are Ed25519; a
//! verifier key is written `name+id+base64(type || key)`, for example
//! `example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k`.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature as Ed25519, Signer as _, SigningKey, VerifyingKey};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use super::line;

/// The longest note in bytes that is read.
pub const MAX_NOTE: usize = 64 * 1024;
/// The most signatures that a note may have; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 64;

/// Why a text is no note, a key no key, or a note not to be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Longer than [`MAX_NOTE`] or more signatures than [`MAX_SIGNATURES`].
    #[error("the note is too long")]
    TooLong,
    /// Not of the form of a signed note.
    #[error("this is not a signed note")]
    Malformed,
    /// Not of the form of a verifier key, or its id is not that of the name and key.
    #[error("this is not a verifier key (name+id+base64)")]
    NotAKey,
    /// The key did not sign the note.
    #[error("the note is not signed by this key")]
    NotSigned,
    /// A signature that claims to be of the key is not.
    #[error("a signature of the note is wrong")]
    WrongSignature,
}

/// What a key signs: the byte that goes into its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The text of a note, as a log does (type `0x01`).
    Note,
    /// A checkpoint at a time, as a witness does (type `0x04`, see [`super::cosignature`]).
    Cosignature,
}

impl Purpose {
    const fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }
}

/// The public half of a key: what one needs to check a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    purpose: Purpose,
    key: VerifyingKey,
}

impl VerifierKey {
    /// The key's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    #[must_use]
    pub const fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The key's id: the first four bytes of SHA-256 over name, newline, type and key.
    #[must_use]
    pub fn id(&self) -> u32 {
        let mut hash = Sha256::new();
        hash.update(self.name.as_bytes());
        hash.update([b'\n', self.purpose.byte()]);
        hash.update(self.key.as_bytes());
        let hash = hash.finalize();
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    }

    pub(super) fn checks(&self, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        let signature = Ed25519::from_slice(signature).map_err(|_| NoteError::WrongSignature)?;
        self.key
            .verify_strict(message, &signature)
            .map_err(|_| NoteError::WrongSignature)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![self.purpose.byte()];
        key.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, self.id(), line::encoded(&key))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.splitn(3, '+');
        let mut part = || parts.next().ok_or(NoteError::NotAKey);
        let (name, id, key) = (part()?, part()?, part()?);
        let bytes = line::decoded(key).ok_or(NoteError::NotAKey)?;
        let (purpose, key) = match bytes.split_first() {
            Some((1, key)) => (Purpose::Note, key),
            Some((4, key)) => (Purpose::Cosignature, key),
            _ => return Err(NoteError::NotAKey),
        };
        let key = <[u8; 32]>::try_from(key).map_err(|_| NoteError::NotAKey)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_| NoteError::NotAKey)?;
        let known = Self {
            name: name.to_owned(),
            purpose,
            key,
        };
        let right = is_key_name(name)
            && !known.key.is_weak()
            && id.eq_ignore_ascii_case(&format!("{:08x}", known.id()));
        right.then_some(known).ok_or(NoteError::NotAKey)
    }
}

/// In files and answers a key stands as its text.
impl Serialize for VerifierKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for VerifierKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// A key that signs. Its secret half is never printed.
pub struct Signer {
    name: String,
    purpose: Purpose,
    key: SigningKey,
}

impl Signer {
    /// A key from its name and its 32 secret bytes.
    ///
    /// # Errors
    /// [`NoteError::NotAKey`]: the name is empty or has a space, a control character or a plus.
    pub fn new(name: &str, purpose: Purpose, secret: &[u8; 32]) -> Result<Self, NoteError> {
        if !is_key_name(name) {
            return Err(NoteError::NotAKey);
        }
        Ok(Self {
            name: name.to_owned(),
            purpose,
            key: SigningKey::from_bytes(secret),
        })
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey {
            name: self.name.clone(),
            purpose: self.purpose,
            key: self.key.verifying_key(),
        }
    }

    pub(super) fn signed(&self, message: &[u8]) -> [u8; 64] {
        self.key.sign(message).to_bytes()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier())
    }
}

/// One signature line of a note, checked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The name of the key.
    pub name: String,
    /// The id of the key.
    pub key_id: u32,
    /// The signature without the id.
    pub bytes: Vec<u8>,
}

impl Signature {
    /// A signature of a key.
    #[must_use]
    pub fn of(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self {
            name: key.name.clone(),
            key_id: key.id(),
            bytes,
        }
    }

    /// The signature in one line without its newline, or `None`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (name, encoded) = text.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = line::decoded(encoded)?;
        let (id, signature) = bytes.split_at_checked(4)?;
        let key_id = u32::from_be_bytes(id.try_into().ok()?);
        (is_key_name(name) && !signature.is_empty()).then(|| Self {
            name: name.to_owned(),
            key_id,
            bytes: signature.to_vec(),
        })
    }

    /// Is it said to be of this key?
    #[must_use]
    pub fn is_of(&self, key: &VerifierKey) -> bool {
        self.name == key.name && self.key_id == key.id()
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = self.key_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.bytes);
        write!(f, "\u{2014} {} {}", self.name, line::encoded(&bytes))
    }
}

/// A text and its signatures. Nothing of it is to be believed before a key has been asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// The signature lines in their order.
    pub signatures: Vec<Signature>,
}

impl Note {
    /// A text signed by one key. The text must end in a newline.
    #[must_use]
    pub fn sign(text: String, signer: &Signer) -> Self {
        debug_assert!(text.ends_with('\n'), "the text of a note is whole lines");
        let signature = Signature::of(&signer.verifier(), signer.signed(text.as_bytes()).to_vec());
        Self {
            text,
            signatures: vec![signature],
        }
    }

    /// Reads a note, strictly.
    ///
    /// # Errors
    /// [`NoteError::TooLong`], [`NoteError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, NoteError> {
        if text.len() > MAX_NOTE {
            return Err(NoteError::TooLong);
        }
        if text.chars().any(|c| c < ' ' && c != '\n') {
            return Err(NoteError::Malformed);
        }
        let end = text.rfind("\n\n").ok_or(NoteError::Malformed)? + 1;
        let lines = text[end + 1..].strip_suffix('\n');
        let signatures: Vec<Signature> = lines
            .ok_or(NoteError::Malformed)?
            .split('\n')
            .take(MAX_SIGNATURES + 1)
            .map(|line| Signature::parse(line).ok_or(NoteError::Malformed))
            .collect::<Result<_, _>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::TooLong);
        }
        Ok(Self {
            text: text[..end].to_owned(),
            signatures,
        })
    }

    /// Is the text signed by this key? Signatures of other keys are passed over.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`]: there is none of the key; [`NoteError::WrongSignature`]: one that
    /// says it is of the key does not verify, and then the whole note is refused.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let mut signed = Err(NoteError::NotSigned);
        for signature in self.signatures.iter().filter(|line| line.is_of(key)) {
            key.checks(self.text.as_bytes(), &signature.bytes)?;
            signed = Ok(());
        }
        signed
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        f.write_str("\n")?;
        self.signatures
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Not empty, and neither spaces, control characters nor a plus.
fn is_key_name(name: &str) -> bool {
    let forbidden = |c: char| c.is_whitespace() || c.is_control() || c == '+';
    !name.is_empty() && !name.chars().any(forbidden)
}

#[cfg(test)]
#[path = "note_tests.rs"]
mod tests;
