//! Backups of wrapped keys: a dated file that is worth nothing without the master key, and that
//! brings no key back that was destroyed since.
//!
//! The first line is the header, then one line a key, and the last line says how many there are and
//! the SHA-256 of all lines before it. Every line is JSON.

use std::io::{BufRead, Read as _, Write};

use chrono::{DateTime, TimeDelta, Utc};
use commands::log::{EventLog, LogError};
use commands::vault::VaultError;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::history::History;
use super::keys::{Kept, KeyTable};
use super::master::MasterKey;
use super::{CANARY, sealing};

/// The name and version of the format.
const FORMAT: &str = "sospeso/keys-backup/1";
/// How many keys are in memory at once.
const PAGE: usize = 500;
/// The most days for which a backup of keys may be kept.
pub const MAX_RETENTION_DAYS: u32 = 366;

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// `sospeso/keys-backup/1`.
    pub format: String,
    /// Of which log's texts these are the keys.
    pub log_id: Uuid,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
    /// For how many days it is kept.
    pub retention_days: u32,
    /// From when on it is not restored, and is to be deleted.
    pub expires_at: DateTime<Utc>,
    /// How far the log was then.
    pub log_position: i64,
    /// The leaf hash there, hexadecimal; absent for an empty log.
    pub leaf_hash: Option<String>,
}

/// One key.
#[derive(Serialize, Deserialize)]
struct Line {
    key_id: Uuid,
    wrapped: Option<String>,
    blocked: bool,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct Trailer {
    keys: u64,
    sha256: String,
}

/// What a restore did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Restored {
    /// Keys that were missing and are there again.
    pub put_back: u64,
    /// Keys of which the log says that they were to be destroyed; none of them came back.
    pub stay_destroyed: u64,
    /// Texts of the log have these keys, and neither the table nor the backup does: what was
    /// sealed after the backup was taken.
    pub missing: Vec<Uuid>,
}

/// Why a backup is not taken or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file is no backup, or not a whole one.
    #[error("this is no whole backup of keys: {0}")]
    Malformed(String),
    /// It belongs to another installation.
    #[error("these are the keys of the log {0}, not of this one")]
    OtherLog(Uuid),
    /// Its time is over.
    #[error("this backup was to be deleted on {0}: it may hold keys of people who were erased")]
    Expired(DateTime<Utc>),
    /// The keys were wrapped with another master key.
    #[error("these keys were wrapped with another master key")]
    OtherMaster,
    /// The log is older than the keys, or has another history.
    #[error(
        "the log is not the one of this backup any more: it was at position {position} then, and \
         {there}. Erasures that the log has lost stay done; whoever is asked for in it shows as \
         erased"
    )]
    OlderLog {
        /// How far the log was when the backup was taken.
        position: i64,
        /// What is there now.
        there: String,
    },
    /// The keys or the log are away.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The log is away.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file cannot be read or written.
    #[error(transparent)]
    File(#[from] std::io::Error),
}

/// Writes a backup and says how many keys it holds.
///
/// # Errors
/// If the keys, the log or the file are away.
pub async fn write(
    table: &dyn KeyTable,
    log: &dyn EventLog,
    now: DateTime<Utc>,
    retention_days: u32,
    out: impl Write,
) -> Result<u64, BackupError> {
    let retention_days = retention_days.clamp(1, MAX_RETENTION_DAYS);
    let log_position = log.head().await?;
    let header = Header {
        format: FORMAT.to_owned(),
        log_id: log.log_id(),
        taken_at: now,
        retention_days,
        expires_at: now + TimeDelta::days(i64::from(retention_days)),
        log_position,
        leaf_hash: leaf_hash(log, log_position).await?,
    };
    let mut out = Hashed::new(out);
    out.line(&header)?;
    let (mut keys, mut after) = (0, None);
    loop {
        let page = table.page(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (key_id, kept) in page {
            keys += 1;
            out.line(&Line {
                key_id,
                wrapped: kept.wrapped.map(hex::encode),
                blocked: kept.blocked,
            })?;
        }
    }
    let sha256 = hex::encode(out.hash.clone().finalize());
    out.line(&Trailer { keys, sha256 })?;
    out.out.flush()?;
    Ok(keys)
}

/// The header of a file that begins as a backup does.
///
/// # Errors
/// If it is none.
pub fn header(file: &mut impl BufRead) -> Result<Header, BackupError> {
    let mut line = String::new();
    file.by_ref().take(4096).read_line(&mut line)?;
    let header: Header = parsed(&line)?;
    if header.format == FORMAT {
        Ok(header)
    } else {
        Err(BackupError::Malformed(format!(
            "{} is unknown",
            header.format
        )))
    }
}

/// Where the keys are put back, and what is asked about them.
pub struct Restore<'a> {
    /// The table of keys.
    pub table: &'a dyn KeyTable,
    /// The log whose texts they open.
    pub log: &'a dyn EventLog,
    /// The key that wraps them.
    pub master: &'a MasterKey,
    /// What time it is.
    pub now: DateTime<Utc>,
    /// Whether a log that is older than the backup is taken.
    pub accept_older_log: bool,
}

impl Restore<'_> {
    /// Puts back the keys of a backup that are missing. `open` opens the file from its beginning:
    /// it is read once to see that it is whole, and once more.
    ///
    /// Before any key is put back, the log's erasures are applied anew: a destroyed key does not
    /// even come back for a moment.
    ///
    /// # Errors
    /// See [`BackupError`]; nothing is changed then, unless a database fails in the middle. Doing
    /// it again goes on.
    pub async fn run<R: BufRead>(
        &self,
        open: impl Fn() -> std::io::Result<R>,
    ) -> Result<Restored, BackupError> {
        let header = header(&mut open()?)?;
        self.check(&header).await?;
        self.check_file(&mut open()?)?;
        let history = History::of(self.log).await?;
        for key_id in &history.erased {
            self.table.destroy(*key_id).await?;
        }
        let put_back = self.put_back(&mut open()?).await?;
        Ok(Restored {
            put_back,
            stay_destroyed: history.erased.len() as u64,
            missing: missing(self.table, &history).await?,
        })
    }

    async fn check(&self, header: &Header) -> Result<(), BackupError> {
        if header.log_id != self.log.log_id() {
            return Err(BackupError::OtherLog(header.log_id));
        }
        if self.now >= header.expires_at {
            return Err(BackupError::Expired(header.expires_at));
        }
        let position = header.log_position;
        let (head, there) = (self.log.head().await?, leaf_hash(self.log, position).await?);
        if there == header.leaf_hash || self.accept_older_log {
            return Ok(());
        }
        let there = if head < position {
            format!("ends at {head} now")
        } else {
            "has another event there now".to_owned()
        };
        Err(BackupError::OlderLog { position, there })
    }

    /// The file is whole, and its keys are ours.
    fn check_file(&self, file: &mut impl BufRead) -> Result<(), BackupError> {
        let (mut hash, mut keys, mut line) = (Sha256::new(), 0, String::new());
        file.read_line(&mut line)?;
        hash.update(&line);
        loop {
            line.clear();
            if file.read_line(&mut line)? == 0 {
                return Err(BackupError::Malformed("it has no end".to_owned()));
            }
            if let Ok(trailer) = serde_json::from_str::<Trailer>(&line) {
                let is_whole =
                    trailer.keys == keys && trailer.sha256 == hex::encode(hash.finalize());
                return if is_whole {
                    Ok(())
                } else {
                    Err(BackupError::Malformed("its end does not fit it".to_owned()))
                };
            }
            let (key_id, kept) = row(&line)?;
            if key_id == CANARY {
                let wrapped = kept.wrapped.unwrap_or_default();
                sealing::unwrap(self.master, CANARY, &wrapped)
                    .map_err(|_| BackupError::OtherMaster)?;
            }
            hash.update(&line);
            keys += 1;
        }
    }

    async fn put_back(&self, file: &mut impl BufRead) -> Result<u64, BackupError> {
        let (mut put_back, mut rows) = (0, Vec::with_capacity(PAGE));
        for line in file.lines().skip(1) {
            let Ok(row) = row(&line?) else { break };
            rows.push(row);
            if rows.len() == PAGE {
                put_back += self.table.put_back(std::mem::take(&mut rows)).await?;
            }
        }
        Ok(put_back + self.table.put_back(rows).await?)
    }
}

/// The keys of texts of the log that the table knows nothing of, in order.
///
/// # Errors
/// If the table is away.
pub async fn missing(table: &dyn KeyTable, history: &History) -> Result<Vec<Uuid>, VaultError> {
    let mut missing = history.sealing.clone();
    let mut after = None;
    loop {
        let page = table.page(after, PAGE).await?;
        let Some((last, _)) = page.last() else { break };
        after = Some(*last);
        for (key_id, _) in &page {
            missing.remove(key_id);
        }
    }
    let mut missing: Vec<Uuid> = missing.into_iter().collect();
    missing.sort_unstable();
    Ok(missing)
}

async fn leaf_hash(log: &dyn EventLog, position: i64) -> Result<Option<String>, LogError> {
    if position == 0 {
        return Ok(None);
    }
    let there = log.read(position - 1, 1).await?;
    let there = there.first().filter(|event| event.position == position);
    Ok(there.map(|event| hex::encode(event.leaf_hash)))
}

fn row(line: &str) -> Result<(Uuid, Kept), BackupError> {
    let line: Line = parsed(line)?;
    let wrapped = line.wrapped.map(hex::decode).transpose();
    let kept = Kept {
        wrapped: wrapped.map_err(|error| BackupError::Malformed(error.to_string()))?,
        blocked: line.blocked,
    };
    Ok((line.key_id, kept))
}

fn parsed<'a, T: Deserialize<'a>>(line: &'a str) -> Result<T, BackupError> {
    serde_json::from_str(line).map_err(|error| BackupError::Malformed(error.to_string()))
}

/// Writes lines and hashes what was written.
struct Hashed<W> {
    out: W,
    hash: Sha256,
}

impl<W: Write> Hashed<W> {
    fn new(out: W) -> Self {
        Self {
            out,
            hash: Sha256::new(),
        }
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let mut text = serde_json::to_string(line)
            .map_err(|error| BackupError::Malformed(error.to_string()))?;
        text.push('\n');
        self.hash.update(&text);
        Ok(self.out.write_all(text.as_bytes())?)
    }
}
