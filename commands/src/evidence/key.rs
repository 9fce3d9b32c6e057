//! The key with which this log signs checkpoints, and the name that it signs under.

use std::sync::Arc;

use domain::evidence::checkpoint::{Checkpoint, CheckpointError};
use domain::evidence::note::{Note, NoteError, Purpose, Signer, VerifierKey};
use uuid::Uuid;

use super::ports::SignedCheckpoint;

/// The log's name and key. Its secret half is never printed.
#[derive(Clone, Debug)]
pub struct LogKey(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    origin: String,
    signer: Signer,
    verifier: VerifierKey,
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
        let signer = Signer::new(origin, Purpose::Note, secret)?;
        Ok(Self(Arc::new(Inner {
            origin: origin.to_owned(),
            verifier: signer.verifier(),
            signer,
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
        &self.0.verifier
    }

    /// Signs the head of the tree.
    #[must_use]
    pub fn sign(&self, size: u64, root: [u8; 32]) -> SignedCheckpoint {
        let origin = self.0.origin.clone();
        let note = Checkpoint { origin, size, root }.sign(&self.0.signer);
        SignedCheckpoint {
            size,
            root,
            note: note.to_string(),
            cosignatures: Vec::new(),
        }
    }

    /// Whether this key signed what a stored checkpoint says.
    ///
    /// # Errors
    /// If not, or it is of another log.
    pub fn check(&self, stored: &SignedCheckpoint) -> Result<(), CheckpointError> {
        let note = Note::parse(&stored.note)?;
        let signed = Checkpoint::open(&note, &self.0.origin, &self.0.verifier)?;
        if (signed.size, signed.root) == (stored.size, stored.root) {
            Ok(())
        } else {
            Err(CheckpointError::Malformed)
        }
    }
}
