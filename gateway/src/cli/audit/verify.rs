//! `sospeso audit verify`: the log against checkpoints, with nothing but the right to read it.

mod kept;
mod locate;
mod marks;

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use commands::evidence::ports::TileReader;
use commands::evidence::scan::{Chunk, Head, Scan};
use commands::evidence::streams::Streams;
use commands::evidence::verify::{Fault, Mark, Report, Verifier};
use domain::evidence::note::VerifierKey;
use indicatif::ProgressBar;
use serde_json::json;
use tokio::sync::mpsc;
use uuid::Uuid;

use super::super::{Common, set_up};
use super::NotSound;
use crate::settings::Secrets;
use crate::wiring::evidence::{ToCheck, all_keys, to_check};

/// The most chunks that wait to be hashed.
const CHUNKS: usize = 4;

const EXAMPLE: &str = "Examples:
  sospeso audit verify
  sospeso audit verify --checkpoint kept.checkpoint --key sospeso/…+…+…
  DATABASE_URL=postgres://auditor@localhost/sospeso sospeso audit verify --json \\
      --checkpoint kept.checkpoint --key sospeso/…+…+…

Exit code 0: the log is what was signed. 3: it is not, and the first position that is wrong is
named. 4: nothing is wrong, but no checkpoint vouches for it. 1: it could not be checked to its end,
which says nothing of the log.";

/// Check the whole log: every position, stream, hash, and every checkpoint that was stored or kept.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Verify {
    /// A checkpoint that somebody kept: what `/evidence/checkpoint` served. May be repeated.
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// The public key of the log; absent = those of this installation's secrets. May be repeated,
    /// for a log that changed its key: what any of them signed counts.
    #[arg(long = "key", value_name = "VKEY")]
    keys: Vec<VerifierKey>,
    /// A directory with tiles that somebody kept, `tile/0/000` and so on; absent = those that are
    /// stored. They tell the position where a checkpoint tells only that something is wrong.
    #[arg(long, value_name = "DIR")]
    tiles: Option<PathBuf>,
    /// Events that somebody exported earlier (`events export`): they tell which part was changed.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Compare the log with kept checkpoints alone: this login may not read the stored ones.
    #[arg(long, requires = "checkpoints")]
    kept_only: bool,
}

impl Verify {
    /// Checks the log.
    ///
    /// # Errors
    /// If it is not what was signed, or cannot be read to its end.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let settings = common.settings()?;
        let opened = to_check(&common.data, &settings, self.kept_only).await?;
        let before = opened.log.head().await.context("reading the log's head")?;
        let keys = self.keys(common, before.log_id)?;
        let stored = marks::stored(opened.seals.as_deref(), &keys).await?;
        let kept = marks::kept(&self.checkpoints, &keys)?;
        let forged = stored.forged;
        let all: Vec<Mark> = stored.marks.into_iter().chain(kept).collect();

        let bar = set_up::bar(common, "events")?;
        bar.set_length(before.position.unsigned_abs());
        let read = read(&opened.log, &before, all, &bar).await;
        bar.finish_and_clear();
        let mut report = read?;
        if report.fault.is_none() {
            report.fault = forged;
        }
        self.tell_more(&opened, &mut report, before.log_id).await?;
        say(common, &report);
        if report.fault.is_some() {
            return Err(NotSound::Wrong.into());
        }
        if !vouched(&report) {
            return Err(NotSound::Unvouched.into());
        }
        Ok(())
    }

    fn keys(&self, common: &Common, log_id: Uuid) -> anyhow::Result<Vec<VerifierKey>> {
        if !self.keys.is_empty() {
            return Ok(self.keys.clone());
        }
        let secrets = Secrets::load(&common.data).context("there is no --key")?;
        all_keys(log_id, &common.settings()?, &secrets)
    }

    /// Looks closer at what is wrong: where exactly, and which part.
    async fn tell_more(
        &self,
        opened: &ToCheck,
        report: &mut Report,
        log_id: Uuid,
    ) -> anyhow::Result<()> {
        let Some(fault) = &mut report.fault else {
            return Ok(());
        };
        let kept = self
            .tiles
            .as_ref()
            .map(|directory| kept::Directory(directory.clone()));
        if fault.until > fault.position
            && let Some(mark) = &report.broken
        {
            let tiles: [Option<&dyn TileReader>; 2] = [
                kept.as_ref().map(|kept| kept as &dyn TileReader),
                opened
                    .seals
                    .as_deref()
                    .map(|seals| seals as &dyn TileReader),
            ];
            for tiles in tiles.into_iter().flatten() {
                if locate::narrow(&*opened.log, tiles, mark, log_id, fault).await? {
                    break;
                }
            }
        }
        if let Some(bundle) = &self.bundle {
            locate::compare(&opened.log, bundle, fault).await?;
        }
        Ok(())
    }
}

/// Reads all events in one task and hashes them in another.
async fn read(
    log: &Arc<dyn Scan>,
    before: &Head,
    marks: Vec<Mark>,
    bar: &ProgressBar,
) -> anyhow::Result<Report> {
    let (out, mut chunks) = mpsc::channel::<Box<dyn Chunk>>(CHUNKS);
    let mut verifier = Verifier::new(before, marks);
    let bar = bar.clone();
    let hashing = tokio::task::spawn_blocking(move || {
        while let Some(chunk) = chunks.blocking_recv() {
            for at in 0..chunk.len() {
                verifier.take(&chunk.event(at)?);
            }
            bar.inc(chunk.len() as u64);
        }
        anyhow::Ok(verifier)
    });
    let reading = log.events(0, i64::MAX, out).await;
    let mut verifier = hashing.await.context("hashing")??;
    reading.context("the log was not read to its end")?;
    let (last, mut rest) = (verifier.position(), verifier.rest());
    while let Some(streams) = rest {
        let (streams, fault) = follow(log, streams, last).await?;
        rest = verifier.followed(streams, fault);
    }
    let after = log.head().await.context("reading the log's head")?;
    Ok(verifier.finish(before, &after))
}

/// Reads the log once more for streams that memory was not for before.
async fn follow(
    log: &Arc<dyn Scan>,
    mut streams: Streams,
    last: i64,
) -> anyhow::Result<(Streams, Option<Fault>)> {
    let (out, mut chunks) = mpsc::channel::<Box<dyn Chunk>>(CHUNKS);
    let following = tokio::task::spawn_blocking(move || {
        let mut fault = None;
        while let Some(chunk) = chunks.blocking_recv() {
            for at in 0..chunk.len() {
                let found = streams.take(&chunk.event(at)?);
                fault = fault.or(found);
            }
        }
        anyhow::Ok((streams, fault))
    });
    let reading = log.events(0, last, out).await;
    let followed = following.await.context("following the streams")??;
    reading.context("the log was not read to its end again")?;
    Ok(followed)
}

/// Whether a checkpoint vouches for the log; an empty one needs none.
fn vouched(report: &Report) -> bool {
    report.checkpoints > 0 || report.events == 0
}

fn say(common: &Common, report: &Report) {
    let mut lines = vec![match report.checkpoints {
        0 if report.events == 0 => "The log is empty.".to_owned(),
        0 => format!(
            "No checkpoint vouches for the log. It holds {} events; that they agree with their \
             hashes is what anyone who can change the database can arrange too.",
            report.events
        ),
        checkpoints => format!(
            "Everything up to position {} is what was signed ({checkpoints} checkpoints); the log \
             holds {} events.",
            report.sound_up_to, report.events
        ),
    }];
    lines.extend(report.fault.as_ref().map(told));
    if report.signed_twice {
        lines.push(
            "A kept checkpoint and a stored one cannot both be true: the key signed two histories, \
             so somebody else has it."
                .to_owned(),
        );
    }
    let (sound, vouched) = (report.fault.is_none(), vouched(report));
    if sound {
        let streams = report.streams;
        lines.push(format!("Nothing is wrong, in none of {streams} streams."));
    }
    common.say(
        &lines.join("\n"),
        &json!({"sound": sound, "vouched": vouched, "report": report}),
    );
}

fn told(fault: &Fault) -> String {
    let place = if fault.until > fault.position {
        format!(
            "Wrong somewhere in positions {} to {}",
            fault.position, fault.until
        )
    } else {
        format!("Wrong from position {} on", fault.position)
    };
    let stream = fault
        .stream
        .as_ref()
        .map_or_else(String::new, |it| format!(", {it}"));
    let part = fault
        .part
        .map_or_else(String::new, |part| format!(", {part}"));
    format!("{place}{stream}{part}: {}.", fault.says)
}
