//! The checkpoints that the log must lead to: those that were kept, and those that are stored.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use commands::evidence::ports::{Seals, SignedCheckpoint};
use commands::evidence::verify::{Fault, Mark};
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, VerifierKey};

use crate::cli::audit::thinned;

/// The most stored checkpoints that the log is compared with.
const MOST: usize = 10_000;

/// What is stored beside the log.
#[derive(Default)]
pub(super) struct StoredMarks {
    pub marks: Vec<Mark>,
    /// The first that this key did not sign.
    pub forged: Option<Fault>,
}

/// Tells checkpoints that one of the keys signed from others.
#[derive(Default)]
struct Forged {
    /// The size of the last that it signed.
    before: u64,
    first: Option<Fault>,
}

impl Forged {
    fn mark(&mut self, one: &SignedCheckpoint, keys: &[VerifierKey]) -> Option<Mark> {
        let checkpoint = opened(&one.note, keys).ok();
        let checkpoint = checkpoint.filter(|checkpoint| checkpoint.size == one.size);
        let Some(Checkpoint { size, root, .. }) = checkpoint else {
            self.first
                .get_or_insert_with(|| forged(self.before, one.size));
            return None;
        };
        self.before = size;
        let kept = None;
        Some(Mark { size, root, kept })
    }
}

/// The checkpoints that are stored.
pub(super) async fn stored(
    seals: Option<&dyn Seals>,
    keys: &[VerifierKey],
) -> anyhow::Result<StoredMarks> {
    let Some(seals) = seals else {
        return Ok(StoredMarks::default());
    };
    let mut forged = Forged::default();
    let marks = thinned::stored(seals, MOST, |one| forged.mark(&one, keys)).await?;
    Ok(StoredMarks {
        marks,
        forged: forged.first,
    })
}

fn forged(after: u64, size: u64) -> Fault {
    let position = |size: u64| i64::try_from(size).unwrap_or(i64::MAX);
    Fault {
        position: position(after) + 1,
        until: position(size),
        stream: None,
        part: None,
        says: format!("the stored checkpoint of {size} events is not signed by the log's key"),
    }
}

/// The checkpoints in these files. One that the key did not sign tells nothing, and is an error.
pub(super) fn kept(files: &[PathBuf], keys: &[VerifierKey]) -> anyhow::Result<Vec<Mark>> {
    let mut marks: Vec<Mark> = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {name}"))?;
        let checkpoint = opened(&text, keys).with_context(|| name.clone())?;
        ensure!(checkpoint.size > 0, "{name} covers nothing");
        marks.push(Mark {
            size: checkpoint.size,
            root: checkpoint.root,
            kept: Some(name),
        });
    }
    Ok(marks)
}

fn opened(note: &str, keys: &[VerifierKey]) -> anyhow::Result<Checkpoint> {
    let origin = keys.first().map_or("", VerifierKey::name);
    Ok(Checkpoint::open_any(&Note::parse(note)?, origin, keys)?)
}
