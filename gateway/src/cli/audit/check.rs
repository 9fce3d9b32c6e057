//! `sospeso audit check`: a copy that `audit export` wrote, checked without the log.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Args;
use domain::entry;
use domain::envelope::Record;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, VerifierKey};
use domain::evidence::tree::{Edge, Hash};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::export::{EVENTS, FORMAT, MANIFEST};
use crate::cli::Common;

const EXAMPLE: &str = "Examples:
  sospeso audit check bundle
  sospeso audit check bundle --checkpoint kept.checkpoint --key sospeso/…+…+…

Needs neither the log nor its secrets. Without a checkpoint it says that the copy is what it says of
itself; with one that somebody kept, that it is the history which was signed.";

/// Check a copy that `audit export` wrote: exit code 1 if it is not whole or not what was signed.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Check {
    /// The folder.
    folder: PathBuf,
    /// A checkpoint that somebody kept.
    #[arg(long, value_name = "FILE", requires = "key")]
    checkpoint: Option<PathBuf>,
    /// The public key of the log.
    #[arg(long, value_name = "VKEY")]
    key: Option<VerifierKey>,
}

/// What the manifest says.
#[derive(Deserialize)]
struct Manifest {
    format: String,
    log_id: Uuid,
    position: u64,
    files: Vec<Listed>,
}

#[derive(Deserialize)]
struct Listed {
    name: String,
    sha256: String,
}

/// A line of the events.
#[derive(Deserialize)]
struct Line {
    position: u64,
    leaf_hash: String,
    #[serde(flatten)]
    event: Option<Whole>,
}

/// A whole event.
#[derive(Deserialize)]
struct Whole {
    network: String,
    aggregate_type: String,
    aggregate_id: Uuid,
    sequence: i64,
    event_type: String,
    event_version: String,
    event_id: Uuid,
    occurred_at: chrono::DateTime<chrono::Utc>,
    recorded_at: chrono::DateTime<chrono::Utc>,
    payload: String,
    metadata: String,
    entry: String,
}

impl Check {
    /// Checks.
    ///
    /// # Errors
    /// If anything is missing, or is not what it should be.
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let checked = tokio::task::spawn_blocking(move || self.check());
        let (manifest, root, signed) = checked.await??;
        let root = hex::encode(root);
        let mut text = format!(
            "{} events of the log {} are whole; the root of their tree is {root}.",
            manifest.position, manifest.log_id
        );
        if let Some(size) = signed {
            let _ = write!(text, "\nThe first {size} of them are what was signed.");
        }
        let facts = json!({
            "log_id": manifest.log_id, "position": manifest.position, "root": root,
            "signed": signed,
        });
        common.say(&text, &facts);
        Ok(())
    }

    fn check(&self) -> anyhow::Result<(Manifest, Hash, Option<u64>)> {
        let manifest = std::fs::read(self.folder.join(MANIFEST)).context("reading its manifest")?;
        let manifest: Manifest = serde_json::from_slice(&manifest).context("its manifest")?;
        ensure!(
            manifest.format == FORMAT,
            "it is in the format {}",
            manifest.format
        );
        for file in &manifest.files {
            ensure!(
                !file.name.contains('/'),
                "{} is no name of a file",
                file.name
            );
            let found = sha256(&self.folder.join(&file.name))?;
            ensure!(
                found == file.sha256,
                "{} is not what the manifest says",
                file.name
            );
        }
        let checkpoint = self.checkpoint()?;
        let size = checkpoint.as_ref().map(|checkpoint| checkpoint.size);
        let (root, then) = self.tree(&manifest, size)?;
        if let Some(checkpoint) = &checkpoint {
            let Some(then) = then else {
                bail!(
                    "the checkpoint is of {} events, the copy of fewer",
                    checkpoint.size
                )
            };
            ensure!(
                then == checkpoint.root,
                "the copy is not the history that was signed"
            );
        }
        Ok((manifest, root, size))
    }

    fn checkpoint(&self) -> anyhow::Result<Option<Checkpoint>> {
        let (Some(file), Some(key)) = (&self.checkpoint, &self.key) else {
            return Ok(None);
        };
        let text = std::fs::read_to_string(file);
        let text = text.with_context(|| format!("reading {}", file.display()))?;
        let checkpoint = Note::parse(&text)
            .map_err(anyhow::Error::from)
            .and_then(|note| Ok(Checkpoint::open(&note, key.name(), key)?));
        let checkpoint = checkpoint.with_context(|| file.display().to_string())?;
        Ok(Some(checkpoint))
    }

    /// The root of all leaves, and of the first `size` of them.
    fn tree(&self, manifest: &Manifest, size: Option<u64>) -> anyhow::Result<(Hash, Option<Hash>)> {
        let events = File::open(self.folder.join(EVENTS)).context("opening its events")?;
        let mut edge = Edge::default();
        let mut then = (size == Some(0)).then(|| edge.root());
        for line in BufReader::new(events).lines() {
            let position = edge.size() + 1;
            let line: Line = serde_json::from_str(&line?)
                .with_context(|| format!("the line of position {position}"))?;
            ensure!(line.position == position, "position {position} is missing");
            let leaf = line.leaf(manifest.log_id)?;
            edge.push(leaf, |_, _| ());
            if size == Some(position) {
                then = Some(edge.root());
            }
        }
        let (found, said) = (edge.size(), manifest.position);
        ensure!(found == said, "it ends at position {found}, before {said}");
        Ok((edge.root(), then))
    }
}

impl Line {
    /// The leaf hash; that of a whole event is computed.
    fn leaf(self, log_id: Uuid) -> anyhow::Result<Hash> {
        let position = self.position;
        let mut leaf: Hash = [0; 32];
        hex::decode_to_slice(&self.leaf_hash, &mut leaf)
            .with_context(|| format!("the hash of position {position}"))?;
        let Some(event) = self.event else {
            return Ok(leaf);
        };
        let record = Record {
            network: event.network,
            aggregate_type: event.aggregate_type,
            aggregate_id: event.aggregate_id,
            sequence: event.sequence,
            event_type: event.event_type,
            event_version: event.event_version,
            payload: event.payload,
            metadata: event.metadata,
            event_id: event.event_id,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
        };
        let bytes = entry::bytes(log_id, &record);
        ensure!(
            entry::leaf_hash(&bytes) == leaf && hex::encode(bytes) == event.entry,
            "position {position} ({} of {}) is not what its hash says",
            record.event_type,
            record.aggregate_id
        );
        Ok(leaf)
    }
}

fn sha256(file: &Path) -> anyhow::Result<String> {
    let context = || format!("reading {}", file.display());
    let mut opened = File::open(file).with_context(context)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 64 * 1024]);
    loop {
        let read = opened.read(&mut buffer).with_context(context)?;
        if read == 0 {
            return Ok(hex::encode(hash.finalize()));
        }
        hash.update(&buffer[..read]);
    }
}
