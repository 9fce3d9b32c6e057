//! `sospeso audit check`: a copy that `audit export` wrote, checked without the log.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
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

use super::NotSound;
use super::export::{CHECKPOINTS, EVENTS, FORMAT, KEY, MANIFEST};
use super::lines::lines_of;
use crate::cli::Common;

const EXAMPLE: &str = "Examples:
  sospeso audit check bundle
  sospeso audit check bundle --checkpoint kept.checkpoint --key sospeso/…+…+…

Needs neither the log nor its secrets. The copy holds checkpoints and the key that signed them;
whoever made the copy could have made both. So take the key from somebody else, and a checkpoint
that was kept elsewhere, if there is one.

Exit code 0: the copy is whole and what was signed. 1: it is not. 4: nothing is wrong, but no
checkpoint vouches for it.";

/// Check a copy that `audit export` wrote.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Check {
    /// The folder.
    folder: PathBuf,
    /// A checkpoint that somebody kept.
    #[arg(long, value_name = "FILE", requires = "keys")]
    checkpoint: Option<PathBuf>,
    /// The public key of the log; absent = those in the copy. May be repeated, for a log that
    /// changed its key.
    #[arg(long = "key", value_name = "VKEY")]
    keys: Vec<VerifierKey>,
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

/// A line of the checkpoints.
#[derive(Deserialize)]
struct Signed {
    size: u64,
    note: String,
}

/// What was found, where nothing is wrong.
struct Checked {
    manifest: Manifest,
    /// The root of all events.
    root: Hash,
    /// How many of them the largest checkpoint covers.
    signed: Option<u64>,
    /// The keys of which one signed it.
    keys: Vec<VerifierKey>,
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
        let Checked {
            manifest,
            root,
            signed,
            keys,
        } = checked.await??;
        let root = hex::encode(root);
        let mut text = format!(
            "{} events of the log {} are whole; the root of their tree is {root}.\n",
            manifest.position, manifest.log_id
        );
        let _ = match signed {
            Some(size) => write!(
                text,
                "The first {size} of them are what was signed, with {}.",
                named(&keys)
            ),
            None => write!(text, "No checkpoint vouches for them."),
        };
        let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let facts = json!({
            "log_id": manifest.log_id, "position": manifest.position, "root": root,
            "signed": signed, "keys": keys,
        });
        common.say(&text, &facts);
        if signed.is_none() && manifest.position > 0 {
            return Err(NotSound::Unvouched.into());
        }
        Ok(())
    }

    fn check(&self) -> anyhow::Result<Checked> {
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
        let (own, trusted) = self.keys()?;
        let mut marks = self.signed(&own, &trusted)?;
        if let Some(file) = &self.checkpoint {
            let name = || format!("reading {}", file.display());
            let text = std::fs::read_to_string(file).with_context(name)?;
            marks.push(opened(&text, &trusted).with_context(|| file.display().to_string())?);
            marks.sort_by_key(|mark| mark.size);
        }
        let root = self.tree(&manifest, &marks)?;
        let signed = marks.last().map(|mark| mark.size).filter(|size| *size > 0);
        Ok(Checked {
            manifest,
            root,
            signed,
            keys: trusted,
        })
    }

    /// The keys of the copy, and those that are believed: the given ones, or all of the copy. A
    /// given one must be among those of the copy, if it has any.
    fn keys(&self) -> anyhow::Result<(Vec<VerifierKey>, Vec<VerifierKey>)> {
        let file = self.folder.join(KEY);
        let mut own: Vec<VerifierKey> = Vec::new();
        if file.try_exists()? {
            let text = std::fs::read_to_string(&file).context("reading its keys")?;
            for line in text.lines() {
                own.push(line.trim().parse().context("its keys")?);
            }
        }
        let is_own = |key: &VerifierKey| own.iter().any(|it| it.to_string() == key.to_string());
        for given in &self.keys {
            ensure!(
                own.is_empty() || is_own(given),
                "the copy is signed with {}, which is not the one that you gave",
                named(&own)
            );
        }
        let trusted = if self.keys.is_empty() {
            own.clone()
        } else {
            self.keys.clone()
        };
        Ok((own, trusted))
    }

    /// The checkpoints of the copy that a believed key signed, the smallest first. One that no key
    /// of the copy signed is an error.
    fn signed(
        &self,
        own: &[VerifierKey],
        trusted: &[VerifierKey],
    ) -> anyhow::Result<Vec<Checkpoint>> {
        let file = self.folder.join(CHECKPOINTS);
        if !file.try_exists()? {
            return Ok(Vec::new());
        }
        let mut signed = Vec::new();
        let lines = lines_of(File::open(file).context("opening its checkpoints")?);
        for line in lines {
            let Signed { size, note } = serde_json::from_str(&line?).context("its checkpoints")?;
            let what = || format!("the checkpoint of {size} events in the copy");
            let checkpoint = opened(&note, own).with_context(what)?;
            ensure!(checkpoint.size == size, "{} is of others", what());
            signed.extend(opened(&note, trusted).ok());
        }
        signed.sort_by_key(|mark| mark.size);
        Ok(signed)
    }

    /// The root of all leaves, which lead to every checkpoint on their way.
    fn tree(&self, manifest: &Manifest, marks: &[Checkpoint]) -> anyhow::Result<Hash> {
        let events = File::open(self.folder.join(EVENTS)).context("opening its events")?;
        let (mut edge, mut marks) = (Edge::default(), marks.iter().peekable());
        for line in lines_of(events) {
            let position = edge.size() + 1;
            let line: Line = serde_json::from_str(&line?)
                .with_context(|| format!("the line of position {position}"))?;
            ensure!(line.position == position, "position {position} is missing");
            let leaf = line.leaf(manifest.log_id)?;
            edge.push(leaf, |_, _| ());
            while let Some(mark) = marks.next_if(|mark| mark.size <= position) {
                ensure!(
                    mark.size == 0 || mark.root == edge.root(),
                    "the first {} events are not the history that was signed",
                    mark.size
                );
            }
        }
        let (found, said) = (edge.size(), manifest.position);
        ensure!(found == said, "it ends at position {found}, before {said}");
        if let Some(mark) = marks.next() {
            bail!(
                "a checkpoint covers {} events, the copy holds {found}: it was cut short",
                mark.size
            );
        }
        Ok(edge.root())
    }
}

/// The checkpoint in a signed note, if one of the keys signed it.
fn opened(note: &str, keys: &[VerifierKey]) -> anyhow::Result<Checkpoint> {
    let origin = keys.first().map_or("", VerifierKey::name);
    Ok(Checkpoint::open_any(&Note::parse(note)?, origin, keys)?)
}

/// Keys in a sentence.
fn named(keys: &[VerifierKey]) -> String {
    let texts: Vec<String> = keys.iter().map(ToString::to_string).collect();
    texts.join(" and ")
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
