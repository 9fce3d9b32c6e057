//! The table of wrapped keys, for whoever backs it up, puts it back or looks at it.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::log::EventLog;
use infra::vault::backup::{self, Header, MAX_RETENTION_DAYS, Restore, Restored};
use infra::vault::history::History;
use infra::vault::keys::KeyTable;
use infra::vault::master::{MasterKey, Secret};
use infra::vault::rewrap::rewrap;
use infra::vault::{PgKeys, SqliteKeys};

use crate::settings::{Secrets, Settings};

/// For how many days a backup of keys is kept unless the settings say otherwise.
const RETENTION_DAYS: u32 = 35;

/// The table of keys of this installation.
pub struct Keys {
    table: Arc<dyn KeyTable>,
}

/// How the keys stand beside the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Keys that the log says were to be destroyed, and that are still there.
    pub still_there: Vec<String>,
    /// Keys under which something in the log was sealed, and that are not there.
    pub missing: Vec<String>,
    /// Keys that were destroyed although the log says nothing of it.
    pub destroyed_unsaid: Vec<String>,
}

/// For how many days a backup of keys is kept.
#[must_use]
pub fn retention_days(settings: &Settings) -> u32 {
    let days = settings.keys_backup_days.unwrap_or(RETENTION_DAYS);
    days.clamp(1, MAX_RETENTION_DAYS)
}

impl Keys {
    /// Opens the table that the settings name.
    ///
    /// # Errors
    /// If its database is away.
    pub async fn open(data: &Path, settings: &Settings) -> anyhow::Result<Self> {
        let table: Arc<dyn KeyTable> = if let Some(log) = &settings.database_url {
            let url = settings.keys_database_url.as_ref().unwrap_or(log);
            let keys = PgKeys::connect(url).await;
            Arc::new(keys.context("opening the keys in PostgreSQL")?)
        } else {
            let file = data.join("keys.db");
            let what = || format!("opening {}", file.display());
            Arc::new(SqliteKeys::open(&file).await.with_context(what)?)
        };
        Ok(Self { table })
    }

    /// Writes a backup into a file that only its owner may read, and says how many keys it holds.
    ///
    /// # Errors
    /// If there is such a file, or a database is away.
    pub async fn back_up(
        &self,
        log: &dyn EventLog,
        now: chrono::DateTime<chrono::Utc>,
        retention_days: u32,
        file: &Path,
    ) -> anyhow::Result<u64> {
        use std::os::unix::fs::OpenOptionsExt as _;
        let mut options = std::fs::OpenOptions::new();
        let out = options.write(true).create_new(true).mode(0o600).open(file);
        let out = out.with_context(|| format!("making {}", file.display()))?;
        let buffered = std::io::BufWriter::new(&out);
        let keys = backup::write(&*self.table, log, now, retention_days, buffered).await?;
        out.sync_all()?;
        Ok(keys)
    }

    /// Puts back the keys of a backup that are missing.
    ///
    /// # Errors
    /// If it is no backup of this installation or its time is over, or a database is away.
    pub async fn restore(
        &self,
        log: &dyn EventLog,
        secrets: &Secrets,
        now: chrono::DateTime<chrono::Utc>,
        accept_older_log: bool,
        file: &Path,
    ) -> anyhow::Result<Restored> {
        let restore = Restore {
            table: &*self.table,
            log,
            master: &master(secrets),
            now,
            accept_older_log,
        };
        let open = || std::fs::File::open(file).map(std::io::BufReader::new);
        Ok(restore.run(open).await?)
    }

    /// Wraps all keys with the newest master key; says how many were wrapped with the one of before.
    ///
    /// # Errors
    /// If neither unwraps a key, or the keys are away.
    pub async fn rewrap(&self, secrets: &Secrets) -> anyhow::Result<u64> {
        Ok(rewrap(&*self.table, &master(secrets)).await?)
    }

    /// Sees to it that no file of the table holds the bytes of a destroyed key any more.
    ///
    /// # Errors
    /// If the database does not let this login do it.
    pub async fn scrub(&self) -> anyhow::Result<()> {
        Ok(self.table.scrub().await?)
    }

    /// How the keys stand beside the log.
    ///
    /// # Errors
    /// If the log or the keys are away.
    pub async fn standing(&self, log: &dyn EventLog) -> anyhow::Result<Standing> {
        let history = History::of(log).await?;
        let (mut standing, mut after) = (Standing::default(), None);
        loop {
            let page = self.table.page(after, 1_000).await?;
            let Some((last, _)) = page.last() else { break };
            after = Some(*last);
            for (key_id, kept) in page {
                let erased = history.erased.contains(&key_id);
                match kept.wrapped {
                    Some(_) if erased => standing.still_there.push(key_id.to_string()),
                    None if !erased => standing.destroyed_unsaid.push(key_id.to_string()),
                    Some(_) | None => {}
                }
            }
        }
        let missing = backup::missing(&*self.table, &history).await?;
        let lost = missing.iter().filter(|id| !history.erased.contains(id));
        standing.missing = lost.map(ToString::to_string).collect();
        Ok(standing)
    }
}

/// The header of a backup of keys; `None` for any other file.
#[must_use]
pub fn header(file: &Path) -> Option<Header> {
    let file = std::fs::File::open(file).ok()?;
    backup::header(&mut std::io::BufReader::new(file)).ok()
}

/// The master key; while it is being changed, with the one of before.
pub(super) fn master(secrets: &Secrets) -> MasterKey {
    let newest = Secret::new(secrets.master);
    match secrets.master_before {
        Some(before) => MasterKey::changing(newest, Secret::new(before)),
        None => MasterKey::new(newest),
    }
}
