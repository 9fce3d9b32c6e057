//! `sospeso audit export`: all that is needed to check the log without us.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Args;
use commands::evidence::ports::Seals;
use commands::log::EventLog;
use domain::entry;
use domain::envelope::Recorded;
use domain::text::Slug;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::thinned;
use crate::cli::events::whole;
use crate::cli::{Common, new_file, set_up};
use crate::settings::Secrets;
use crate::wiring::evidence::all_keys;

/// The format of the folder.
pub(super) const FORMAT: &str = "sospeso-bundle/1";
/// How many events are in memory at once.
const PAGE: usize = 1_000;
/// The events, one a line.
pub(super) const EVENTS: &str = "events.jsonl";
/// Signed checkpoints of the log, one a line, the newest last.
pub(super) const CHECKPOINTS: &str = "checkpoints.jsonl";
/// The public keys that signed them, one a line, the newest first.
pub(super) const KEY: &str = "key.txt";
/// The most checkpoints of one copy: a few sizes tell sooner where a copy is wrong.
const MOST_CHECKPOINTS: usize = 1_000;
/// What it is, and the hash of every file.
pub(super) const MANIFEST: &str = "manifest.json";
/// How to check it.
const README: &str = include_str!("bundle.txt");

const EXAMPLE: &str = "Examples:
  sospeso audit export --out bundle
  sospeso audit export --out bundle-praha --network praha

The folder holds every event with its exact texts, the bytes that are hashed and the hash, signed
checkpoints with the log's public key, a manifest with the SHA-256 of every file, and a text that
says how to check it without this program; `audit check` does it with this program. With --network
the events of other networks stand in it as hashes only.";

/// Write a self-contained copy of the log that others can check.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Export {
    /// The folder; it must not be there yet.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only the events of this network; of others the hashes.
    #[arg(long)]
    network: Option<Slug>,
}

impl Export {
    /// Writes it.
    ///
    /// # Errors
    /// If the log cannot be read to its end, or the folder cannot be written.
    pub(super) async fn run(self, common: &Common) -> anyhow::Result<()> {
        let engines = set_up::engines(common).await?;
        let log = engines.desk.log().as_ref();
        let context = || format!("writing {}", self.out.display());
        make(&self.out).with_context(context)?;
        // Before the head is asked for, so that no checkpoint covers more than the copy.
        let (checkpoints, sealed) = self.checkpoints(&*engines.evidence.seals).await?;
        let mut key = Hashed::new(&self.out, KEY).with_context(context)?;
        let secrets = Secrets::load(&common.data)?;
        for verifier in all_keys(log.log_id(), &common.settings()?, &secrets)? {
            writeln!(key, "{verifier}")?;
        }
        let head = log.head().await?;
        let bar = set_up::bar(common, "events")?;
        bar.set_length(head.unsigned_abs());
        let mut events = Hashed::new(&self.out, EVENTS).with_context(context)?;
        let told = self
            .events(log, head, &mut events, |at| bar.set_position(at))
            .await;
        bar.finish_and_clear();
        let (told, last) = told.with_context(context)?;
        let mut readme = Hashed::new(&self.out, "README.txt").with_context(context)?;
        readme.write_all(README.as_bytes())?;
        let files = json!([
            events.finish()?,
            checkpoints.finish()?,
            key.finish()?,
            readme.finish()?
        ]);
        let facts = json!({
            "format": FORMAT, "log_id": log.log_id(), "network": self.network,
            "position": head, "sealed": sealed, "leaf_hash": last, "events": told, "files": files,
        });
        let mut manifest = Hashed::new(&self.out, MANIFEST).with_context(context)?;
        writeln!(manifest, "{}", serde_json::to_string_pretty(&facts)?)?;
        let manifest = manifest.finish()?;
        let text = format!(
            "Wrote {told} events up to position {head} into {}; {sealed} of them are signed.\nSHA-256 of its manifest: {}",
            self.out.display(),
            manifest["sha256"].as_str().unwrap_or_default()
        );
        let done = json!({"folder": self.out, "manifest": manifest, "bundle": facts});
        common.say(&text, &done);
        Ok(())
    }

    /// Writes the checkpoints; answers with how many events the newest covers.
    async fn checkpoints(&self, seals: &dyn Seals) -> anyhow::Result<(Hashed, u64)> {
        let stored = thinned::stored(seals, MOST_CHECKPOINTS, Some).await?;
        let mut file = Hashed::new(&self.out, CHECKPOINTS)?;
        for one in &stored {
            writeln!(file, "{}", json!({"size": one.size, "note": one.text()}))?;
        }
        Ok((file, stored.last().map_or(0, |last| last.size)))
    }

    /// Writes the events up to the head as it was at the beginning; answers with how many were
    /// written whole, and the leaf hash of the last.
    async fn events(
        &self,
        log: &dyn EventLog,
        head: i64,
        out: &mut dyn Write,
        progress: impl Fn(u64),
    ) -> anyhow::Result<(u64, Option<String>)> {
        let (mut after, mut told, mut last) = (0, 0, None);
        while after < head {
            let left = usize::try_from(head - after).unwrap_or(PAGE);
            let page = log.read(after, PAGE.min(left)).await?;
            ensure!(!page.is_empty(), "the log ends at {after}, before {head}");
            for event in &page {
                after += 1;
                ensure!(
                    event.position == after,
                    "position {after} is missing in the log"
                );
                told += u64::from(self.is_ours(event));
                writeln!(out, "{}", self.line(log, event))?;
                last = Some(hex::encode(event.leaf_hash));
            }
            progress(after.unsigned_abs());
        }
        Ok((told, last))
    }

    fn is_ours(&self, event: &Recorded) -> bool {
        let network = self.network.as_ref();
        network.is_none_or(|network| event.record.network == network.as_str())
    }

    fn line(&self, log: &dyn EventLog, event: &Recorded) -> Value {
        if !self.is_ours(event) {
            let leaf_hash = hex::encode(event.leaf_hash);
            return json!({"position": event.position, "leaf_hash": leaf_hash});
        }
        let mut line = whole(log, event);
        line["entry"] = hex::encode(entry::bytes(log.log_id(), &event.record)).into();
        line
    }
}

/// A folder for its owner alone, and never over another.
fn make(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().mode(0o700).create(folder)
}

/// A file whose hash is known when it is written.
struct Hashed {
    name: &'static str,
    out: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn new(folder: &Path, name: &'static str) -> std::io::Result<Self> {
        Ok(Self {
            name,
            out: BufWriter::new(new_file(&folder.join(name))?),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// What the manifest says of it, once it is on the disk.
    fn finish(self) -> anyhow::Result<Value> {
        let file = self
            .out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        let sha256 = hex::encode(self.hash.finalize());
        Ok(json!({"name": self.name, "bytes": self.bytes, "sha256": sha256}))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += u64::try_from(written).unwrap_or_default();
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}
