//! What a witness keeps on its disk: its key, and the last checkpoint that it cosigned.
//!
//! `witness.key` is drawn once. `checkpoint` holds the last checkpoint with the signatures of the
//! log and of the witness; it is replaced before a cosignature is given away, and a lock on the
//! directory keeps a second witness out, so that no two answers can contradict each other.
//! `disputed` holds the first checkpoint that contradicted it: the proof that the log told two
//! stories.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, anyhow, ensure};
use commands::clock::Clock;
use domain::evidence::add_checkpoint::{AddCheckpoint, Refused};
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::cosignature::{cosign, cosigned_at};
use domain::evidence::note::{Note, Purpose, Signature, Signer, VerifierKey};
use rustix::fs::{FlockOperation, flock};

use crate::settings;

/// The most signatures of a log that are kept with a checkpoint: of its key, and of the next one.
const MAX_LOG_KEYS: usize = 2;

/// A witness of one log.
pub struct Keeper {
    origin: String,
    log: VerifierKey,
    signer: Signer,
    clock: Clock,
    file: PathBuf,
    last: Mutex<Option<Held>>,
    _lock: File,
}

/// The last checkpoint that was cosigned.
#[derive(Clone, Debug)]
struct Held {
    checkpoint: Checkpoint,
    note: Note,
}

/// Why there is no cosignature.
#[derive(Debug, thiserror::Error)]
pub enum NotAdded {
    /// The witness must not.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The checkpoint could not be written down, so nothing is given away.
    #[error("the checkpoint could not be kept: {0:#}")]
    NotKept(anyhow::Error),
}

impl Keeper {
    /// Opens the directory of a witness and draws its key if it has none.
    ///
    /// # Errors
    /// If the directory cannot be used, another witness uses it, or what lies there is not what
    /// this witness wrote.
    pub fn open(
        data: &Path,
        name: &str,
        origin: &str,
        log: VerifierKey,
        clock: Clock,
    ) -> anyhow::Result<Self> {
        ensure!(
            log.purpose() == Purpose::Note,
            "the key of a log begins with type 1"
        );
        settings::make_directory(data)?;
        let lock = locked(data)?;
        let secret = secret(&data.join("witness.key"))?;
        let signer = Signer::new(name, Purpose::Cosignature, &secret);
        let signer = signer.context("a witness's name has no spaces and no plus")?;
        let file = data.join("checkpoint");
        let last = held(&file, origin, &log, &signer.verifier())?;
        Ok(Self {
            origin: origin.to_owned(),
            log,
            signer,
            clock,
            file,
            last: Mutex::new(last),
            _lock: lock,
        })
    }

    /// The key by which its cosignatures are checked.
    #[must_use]
    pub fn key(&self) -> VerifierKey {
        self.signer.verifier()
    }

    /// The last checkpoint that it cosigned, with its cosignature.
    #[must_use]
    pub fn held(&self) -> Option<Note> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().map(|held| held.note.clone())
    }

    /// Cosigns a checkpoint. It lies on the disk when this answers. One at a time: what is
    /// compared with the last checkpoint becomes the last checkpoint before the next is looked at.
    ///
    /// # Errors
    /// [`NotAdded`].
    pub fn add(&self, request: &AddCheckpoint) -> Result<Signature, NotAdded> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.as_ref().map(|held| &held.checkpoint);
        let decided = request.accept(&self.origin, &self.log, before);
        if let Err(Refused::OtherRoot { size }) = decided {
            tracing::error!(
                size,
                "the log signed another tree of a size that was cosigned"
            );
            self.dispute(&request.checkpoint)
                .map_err(NotAdded::NotKept)?;
        }
        let checkpoint = decided?;
        let at = self.clock.now().timestamp().unsigned_abs();
        let cosignature = cosign(&request.checkpoint.text, &self.signer, at);
        // While the log changes its key, both sign: the witness may go on with the other one.
        let lines = request.checkpoint.signatures.iter();
        let of_log = lines.filter(|line| line.name == self.log.name()).cloned();
        let mut by_log: Vec<Signature> = of_log.collect();
        by_log.sort_by_key(|line| !line.is_of(&self.log));
        by_log.truncate(MAX_LOG_KEYS);
        let note = Note {
            text: request.checkpoint.text.clone(),
            signatures: by_log.into_iter().chain([cosignature.clone()]).collect(),
        };
        settings::write_private(&self.file, &note.to_string()).map_err(NotAdded::NotKept)?;
        *last = Some(Held { checkpoint, note });
        Ok(cosignature)
    }

    /// Keeps the first checkpoint that contradicts the last one.
    fn dispute(&self, note: &Note) -> anyhow::Result<()> {
        let file = self.file.with_file_name("disputed");
        if file.exists() {
            return Ok(());
        }
        settings::write_private(&file, &note.to_string())
    }
}

/// Keeps every other witness out of a directory as long as the file is open.
fn locked(data: &Path) -> anyhow::Result<File> {
    let file = File::create(data.join("lock")).context("making the lock of the directory")?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)
        .with_context(|| format!("another witness uses {}", data.display()))?;
    Ok(file)
}

/// The witness's secret, drawn when there is none.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the chance of a witness's key comes in"
)]
fn secret(file: &Path) -> anyhow::Result<[u8; 32]> {
    if let Some(text) = settings::read_private(file)? {
        let bytes = hex::decode(text.trim())
            .ok()
            .and_then(|key| key.try_into().ok());
        return bytes.ok_or_else(|| anyhow!("{} holds no key of 32 bytes", file.display()));
    }
    let drawn: [u8; 32] = rand::random();
    settings::write_private(file, &hex::encode(drawn))?;
    Ok(drawn)
}

/// What the witness cosigned last. It must be its own: a forged one would let another story in.
fn held(
    file: &Path,
    origin: &str,
    log: &VerifierKey,
    own: &VerifierKey,
) -> anyhow::Result<Option<Held>> {
    let Some(text) = settings::read_private(file)? else {
        return Ok(None);
    };
    let foreign = || format!("{} is not what this witness wrote", file.display());
    let note = Note::parse(&text).with_context(foreign)?;
    cosigned_at(&note, own).with_context(foreign)?;
    let checkpoint = Checkpoint::open(&note, origin, log).with_context(foreign)?;
    Ok(Some(Held { checkpoint, note }))
}

#[cfg(test)]
#[path = "keeper_tests.rs"]
pub(super) mod tests;
