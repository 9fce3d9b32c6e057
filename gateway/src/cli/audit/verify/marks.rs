//! The checkpoints that the log must lead to: those that were kept, and those that are stored.

use std::path::PathBuf;

use anyhow::{Context, ensure};
use commands::evidence::ports::{Seals, SignedCheckpoint};
use commands::evidence::verify::{Fault, Mark};
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::note::{Note, VerifierKey};

/// How many stored checkpoints are read at once.
const PAGE: usize = 1_000;
/// The most stored checkpoints that the log is compared with: of more, every second is left out,
/// as often as it takes; the newest never.
const MOST: usize = 10_000;

/// What is stored beside the log.
pub(super) struct StoredMarks {
    pub marks: Vec<Mark>,
    /// The first that this key did not sign.
    pub forged: Option<Fault>,
}

impl StoredMarks {
    fn add(&mut self, one: &SignedCheckpoint, key: &VerifierKey) {
        match opened(&one.note, key) {
            Ok(checkpoint) if checkpoint.size == one.size => self.marks.push(Mark {
                size: checkpoint.size,
                root: checkpoint.root,
                kept: None,
            }),
            Ok(_) | Err(_) => {
                let before = self.marks.last().map_or(0, |mark| mark.size);
                self.forged.get_or_insert_with(|| forged(before, one.size));
            }
        }
    }

    fn thin(&mut self) {
        let mut goes = true;
        self.marks.retain(|_| {
            goes = !goes;
            !goes
        });
    }
}

/// The checkpoints that are stored.
pub(super) async fn stored(
    seals: Option<&dyn Seals>,
    key: &VerifierKey,
) -> anyhow::Result<StoredMarks> {
    let mut stored = StoredMarks {
        marks: Vec::new(),
        forged: None,
    };
    let Some(seals) = seals else {
        return Ok(stored);
    };
    let (mut after, mut every, mut number) = (0, 1, 0_u64);
    loop {
        let page = seals
            .after(after, PAGE)
            .await
            .context("reading stored checkpoints")?;
        let Some(last) = page.last().map(|last| last.size) else {
            break;
        };
        for one in page {
            number += 1;
            if number % every == 0 || one.size == last {
                stored.add(&one, key);
            }
        }
        after = last;
        if stored.marks.len() > MOST {
            stored.thin();
            every *= 2;
        }
    }
    Ok(stored)
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
pub(super) fn kept(files: &[PathBuf], key: &VerifierKey) -> anyhow::Result<Vec<Mark>> {
    let mut marks: Vec<Mark> = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).with_context(|| format!("reading {name}"))?;
        let checkpoint = opened(&text, key).with_context(|| name.clone())?;
        ensure!(checkpoint.size > 0, "{name} covers nothing");
        marks.push(Mark {
            size: checkpoint.size,
            root: checkpoint.root,
            kept: Some(name),
        });
    }
    Ok(marks)
}

fn opened(note: &str, key: &VerifierKey) -> anyhow::Result<Checkpoint> {
    Ok(Checkpoint::open(&Note::parse(note)?, key.name(), key)?)
}
