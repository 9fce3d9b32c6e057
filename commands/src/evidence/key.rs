//! The key with which this log signs checkpoints, and the name that it signs under.

use std::sync::Arc;

use domain::evidence::checkpoint::{Checkpoint, CheckpointError};
use domain::evidence::note::{Note, NoteError, Purpose, Signer, VerifierKey};
use uuid::Uuid;

use super::ports::SignedCheckpoint;

/// The log's name and key. Its secret half is never printed. While the key is being changed, the one
/// of before signs too, so that whoever knows only one of them can go on.
#[derive(Clone, Debug)]
pub struct LogKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: String,
    /// The newest first.
    signers: Vec<Signer>,
    verifiers: Vec<VerifierKey>,
}

impl LogKey {
    /// The name of a log for which nobody chose one.
    #[must_use]
    pub fn default_origin(log_id: Uuid) -> String {
        format!("sospeso/{log_id}")
    }

    /// A key from the log's name and 32 secret bytes.
    ///
    /// # Errors
    /// If the name is empty or has a space or a plus.
    pub fn new(origin: &str, secret: &[u8; 32]) -> Result<Self, NoteError> {
        Self::of(origin, &[secret])
    }

    /// A key beside which the one of before signs too.
    ///
    /// # Errors
    /// As with [`LogKey::new`].
    pub fn changing(origin: &str, secret: &[u8; 32], before: &[u8; 32]) -> Result<Self, NoteError> {
        Self::of(origin, &[secret, before])
    }

    fn of(origin: &str, secrets: &[&[u8; 32]]) -> Result<Self, NoteError> {
        let signers = secrets.iter();
        let signers = signers.map(|secret| Signer::new(origin, Purpose::Note, secret));
        let signers: Vec<Signer> = signers.collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Inner {
            origin: origin.to_owned(),
            verifiers: signers.iter().map(Signer::verifier).collect(),
            signers,
        })))
    }

    /// The first line of every checkpoint.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// The public half: all that one needs to check a checkpoint.
    #[must_use]
    pub fn verifier(&self) -> &VerifierKey {
        &self.0.verifiers[0]
    }

    /// The public halves of all keys that sign, the newest first.
    #[must_use]
    pub fn verifiers(&self) -> &[VerifierKey] {
        &self.0.verifiers
    }

    /// Signs the head of the tree.
    #[must_use]
    pub fn sign(&self, size: u64, root: [u8; 32]) -> SignedCheckpoint {
        let origin = self.0.origin.clone();
        let text = Checkpoint { origin, size, root }.text();
        let signed = self.0.signers.iter();
        let signed = signed.flat_map(|signer| Note::sign(text.clone(), signer).signatures);
        let signatures = signed.collect();
        let note = Note { text, signatures };
        SignedCheckpoint {
            size,
            root,
            note: note.to_string(),
            cosignatures: Vec::new(),
        }
    }

    /// Whether this key, or the one of before, signed what a stored checkpoint says.
    ///
    /// # Errors
    /// If not, or it is of another log.
    pub fn check(&self, stored: &SignedCheckpoint) -> Result<(), CheckpointError> {
        let note = Note::parse(&stored.note)?;
        let signed = Checkpoint::open_any(&note, &self.0.origin, &self.0.verifiers)?;
        if (signed.size, signed.root) == (stored.size, stored.root) {
            Ok(())
        } else {
            Err(CheckpointError::Malformed)
        }
    }
}
