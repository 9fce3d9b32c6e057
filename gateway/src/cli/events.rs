//! `sospeso events`: look into the log and copy it out.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use clap::{Args, Subcommand};
use commands::log::EventLog;
use domain::envelope::{Recorded, instant};
use domain::text::Slug;
use indicatif::ProgressBar;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Common, set_up};

/// How many events are in memory at once.
const PAGE: usize = 1_000;
/// How long `tail --follow` rests when nobody wakes it: another process writes.
const POLL: Duration = Duration::from_millis(500);

const EXAMPLE: &str = "Examples:
  sospeso events tail --after 1200 --follow
  sospeso events show 1217
  sospeso events export --network praha --out praha.jsonl";

/// Show events of the log, or copy them into a file.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Events {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// One line per event, from a position on; without one the last ten.
    #[command(after_help = EXAMPLE)]
    Tail(Tail),
    /// One event with its exact texts.
    #[command(after_help = EXAMPLE)]
    Show {
        /// The position, or the event's id.
        event: String,
    },
    /// All events as JSON lines with their exact texts and hashes.
    #[command(after_help = EXAMPLE)]
    Export(Export),
}

#[derive(Args, Debug)]
struct Tail {
    /// The position after which to begin.
    #[arg(long)]
    after: Option<i64>,
    /// Go on with what is recorded from now on, until Ctrl-C.
    #[arg(long)]
    follow: bool,
}

#[derive(Args, Debug)]
struct Export {
    /// The file; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only the events of this network.
    #[arg(long)]
    network: Option<Slug>,
}

impl Events {
    /// Shows or copies.
    ///
    /// # Errors
    /// If the log is away, there is no such event, or the file cannot be written.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let desk = set_up::desk(common).await?;
        let log = desk.log().as_ref();
        match self.what {
            What::Tail(tail) => tail.run(common, log).await,
            What::Show { event } => show(common, log, &event).await,
            What::Export(export) => export.run(common, log).await,
        }
    }
}

/// An event with everything of which its hash is made, the texts exactly as they are stored.
pub(super) fn whole(log: &dyn EventLog, event: &Recorded) -> Value {
    let record = &event.record;
    json!({
        "position": event.position,
        "log_id": log.log_id(),
        "event_id": record.event_id,
        "network": record.network,
        "aggregate_type": record.aggregate_type,
        "aggregate_id": record.aggregate_id,
        "sequence": record.sequence,
        "event_type": record.event_type,
        "event_version": record.event_version,
        "occurred_at": instant(record.occurred_at),
        "recorded_at": instant(record.recorded_at),
        "payload": record.payload,
        "metadata": record.metadata,
        "leaf_hash": hex::encode(event.leaf_hash),
    })
}

fn line(event: &Recorded) -> String {
    let record = &event.record;
    format!(
        "{:>8} {} {:<12} {:<28} {}/{} {}",
        event.position,
        instant(record.recorded_at),
        record.network,
        record.event_type,
        record.aggregate_id,
        record.sequence,
        record.payload,
    )
}

impl Tail {
    async fn run(&self, common: &Common, log: &dyn EventLog) -> anyhow::Result<()> {
        let mut after = match self.after {
            Some(after) => after,
            None => (log.head().await? - 10).max(0),
        };
        let mut changes = log.changes();
        loop {
            let page = log.read(after, PAGE).await?;
            let mut out = std::io::stdout().lock();
            for event in &page {
                let written = if common.json {
                    writeln!(out, "{}", whole(log, event))
                } else {
                    writeln!(out, "{}", line(event))
                };
                // Whoever reads has had enough, as `head` has.
                if written.is_err() {
                    return Ok(());
                }
            }
            drop(out);
            if let Some(last) = page.last() {
                after = last.position;
            } else if self.follow {
                let _ = tokio::time::timeout(POLL, changes.changed()).await;
            } else {
                return Ok(());
            }
        }
    }
}

async fn show(common: &Common, log: &dyn EventLog, which: &str) -> anyhow::Result<()> {
    let event = match which.parse::<i64>() {
        Ok(position) => log.read(position - 1, 1).await?.into_iter().next(),
        Err(_) => by_id(log, which.parse().context("a position or an event's id")?).await?,
    };
    let by_number = which.parse::<i64>().ok();
    let event = event.filter(|event| by_number.is_none_or(|number| number == event.position));
    let event = event.with_context(|| format!("there is no event {which}"))?;
    let whole = whole(log, &event);
    common.say(&serde_json::to_string_pretty(&whole)?, &whole);
    Ok(())
}

/// Ids are not indexed by the port of the log: all of it is read until the event is found.
async fn by_id(log: &dyn EventLog, id: Uuid) -> anyhow::Result<Option<Recorded>> {
    let mut after = 0;
    loop {
        let page = log.read(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(None);
        };
        after = last.position;
        if let Some(found) = page.into_iter().find(|event| event.record.event_id == id) {
            return Ok(Some(found));
        }
    }
}

impl Export {
    async fn run(&self, common: &Common, log: &dyn EventLog) -> anyhow::Result<()> {
        let bar = set_up::bar(common, "events")?;
        let head = log.head().await?;
        bar.set_length(head.unsigned_abs());
        let copied = self.copy(log, head, &bar).await;
        bar.finish_and_clear();
        let copied = copied.with_context(|| format!("writing {}", self.out.display()))?;
        let text = format!(
            "Wrote {copied} events up to position {head} into {}.",
            self.out.display()
        );
        let facts = json!({"events": copied, "position": head, "file": self.out});
        common.say(&text, &facts);
        Ok(())
    }

    /// Copies up to the head as it was at the beginning, a page at a time.
    async fn copy(&self, log: &dyn EventLog, head: i64, bar: &ProgressBar) -> anyhow::Result<u64> {
        let mut out = std::io::BufWriter::new(super::new_file(&self.out)?);
        let (mut after, mut copied) = (0, 0);
        while after < head {
            let left = usize::try_from(head - after).unwrap_or(PAGE);
            let page = log.read(after, PAGE.min(left)).await?;
            let Some(last) = page.last() else { break };
            after = last.position;
            let ours = |event: &&Recorded| {
                let network = self.network.as_ref();
                network.is_none_or(|network| event.record.network == network.as_str())
            };
            for event in page.iter().filter(ours) {
                writeln!(out, "{}", whole(log, event))?;
                copied += 1;
            }
            bar.set_position(after.unsigned_abs());
        }
        let file = out
            .into_inner()
            .map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(copied)
    }
}
