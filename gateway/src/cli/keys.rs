//! `sospeso keys`: backups of the keys of personal text, which have a time of their own, and another
//! key for the log.

mod log_key;
mod master_key;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use domain::envelope::instant;
use serde_json::json;

use super::{Common, set_up};
use crate::settings::Secrets;
use crate::wiring::keys::{Keys, header, retention_days};

const EXAMPLE: &str = "Examples:
  sospeso keys backup --out keys-2026-11-20.jsonl
  sospeso keys restore keys-2026-11-20.jsonl
  sospeso keys prune backups
  sospeso keys scrub
  sospeso keys change-master-key
  sospeso keys change-master-key --finish
  sospeso keys change-log-key
  sospeso keys change-log-key --finish";

/// How many ids are named in a sentence.
const NAMED: usize = 5;

/// Back up the wrapped keys of personal text, put them back, see that destroyed ones are gone, and
/// change the key of the log.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct KeysVerb {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// Write all wrapped keys into a new file, with the day on which it is to be deleted. Without
    /// the master key, which is not in it, it opens nothing.
    #[command(after_help = EXAMPLE)]
    Backup {
        /// The file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Put back the keys of a backup that are missing. What the log erased since stays erased.
    #[command(after_help = EXAMPLE)]
    Restore {
        /// The file.
        file: PathBuf,
        /// Take it although the log was itself restored from before the backup.
        #[arg(long)]
        accept_older_log: bool,
    },
    /// Delete the backups of keys in a folder whose time is over.
    #[command(after_help = EXAMPLE)]
    Prune {
        /// The folder.
        folder: PathBuf,
    },
    /// Write the table of keys anew, so that no file of it holds a destroyed key.
    #[command(after_help = EXAMPLE)]
    Scrub,
    /// Wrap the keys of personal text with another master key: both are known until --finish.
    #[command(after_help = EXAMPLE)]
    ChangeMasterKey {
        /// All gateways know both: wrap all keys with the new one, and forget the old one.
        #[arg(long)]
        finish: bool,
    },
    /// Give the log another key for its checkpoints: both sign until --finish.
    #[command(after_help = EXAMPLE)]
    ChangeLogKey {
        /// The new key signs already, and everybody has it: the old one signs no more.
        #[arg(long)]
        finish: bool,
    },
}

impl KeysVerb {
    /// Does it.
    ///
    /// # Errors
    /// If a database or the file is away, or the backup is not to be restored.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Backup { out } => back_up(common, &out).await,
            What::Restore {
                file,
                accept_older_log,
            } => restore(common, &file, accept_older_log).await,
            What::Prune { folder } => prune(common, &folder),
            What::Scrub => scrub(common).await,
            What::ChangeMasterKey { finish: false } => master_key::begin(common),
            What::ChangeMasterKey { finish: true } => master_key::finish(common).await,
            What::ChangeLogKey { finish: false } => log_key::begin(common).await,
            What::ChangeLogKey { finish: true } => log_key::finish(common).await,
        }
    }
}

async fn back_up(common: &Common, out: &Path) -> anyhow::Result<()> {
    let (settings, desk) = (common.settings()?, set_up::desk(common).await?);
    let keys = Keys::open(&common.data, &settings).await?;
    let (now, days) = (desk.clock().now(), retention_days(&settings));
    let count = keys.back_up(&**desk.log(), now, days, out).await?;
    let expires_at = header(out).map(|header| header.expires_at);
    let until = expires_at.map(instant).unwrap_or_default();
    let text = format!(
        "{count} wrapped keys are in {}. Keep it apart from the master key and from backups of the \
         log, and delete it on {until}: until then it holds the keys of people who are erased \
         meanwhile.",
        out.display()
    );
    let facts = json!({"keys": count, "retention_days": days, "expires_at": until});
    common.say(&text, &facts);
    Ok(())
}

async fn restore(common: &Common, file: &Path, accept_older_log: bool) -> anyhow::Result<()> {
    let (settings, secrets) = (common.settings()?, Secrets::load(&common.data)?);
    let keys = Keys::open(&common.data, &settings).await?;
    let log = crate::wiring::log(&common.data, &settings).await?;
    let now = commands::clock::Clock::system().now();
    let done = keys
        .restore(&*log, &secrets, now, accept_older_log, file)
        .await?;
    let mut text = format!(
        "{} keys are there again. {} that the log says were erased stay destroyed.",
        done.put_back, done.stay_destroyed
    );
    if !done.missing.is_empty() {
        let named: Vec<_> = done
            .missing
            .iter()
            .take(NAMED)
            .map(ToString::to_string)
            .collect();
        let _ = write!(
            text,
            " {} keys are in no backup that was restored here: texts that were sealed after it was \
             taken cannot be read ({}).",
            done.missing.len(),
            named.join(", ")
        );
    }
    let facts = json!({"put_back": done.put_back, "stay_destroyed": done.stay_destroyed,
        "missing": done.missing});
    common.say(&text, &facts);
    Ok(())
}

fn prune(common: &Common, folder: &Path) -> anyhow::Result<()> {
    let now = commands::clock::Clock::system().now();
    let (mut deleted, mut kept) = (Vec::new(), 0);
    for entry in std::fs::read_dir(folder)? {
        let file = entry?.path();
        match header(&file) {
            Some(header) if header.expires_at <= now => {
                std::fs::remove_file(&file)?;
                deleted.push(file.display().to_string());
            }
            Some(_) => kept += 1,
            None => {}
        }
    }
    let text = format!(
        "{} backups whose time is over were deleted, {kept} are kept.",
        deleted.len()
    );
    common.say(&text, &json!({"deleted": deleted, "kept": kept}));
    Ok(())
}

async fn scrub(common: &Common) -> anyhow::Result<()> {
    let keys = Keys::open(&common.data, &common.settings()?).await?;
    keys.scrub().await?;
    common.say(
        "The table of keys is written anew: no file of it holds a destroyed key.",
        &json!({"scrubbed": true}),
    );
    Ok(())
}
