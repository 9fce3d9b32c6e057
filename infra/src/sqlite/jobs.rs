//! What jobs that follow the log need of SQLite: their checkpoints, and one leader each.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use commands::log::LogError;
use commands::reaction::ports::{Checkpoint, Checkpoints, Lead, Leadership};
use futures::future::BoxFuture;
use rustix::fs::FlockOperation;
use rustix::io::Errno;
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;

use super::connection::broken;
use super::log::SqliteLog;
use super::rows::undecodable;

impl Checkpoints for SqliteLog {
    fn load(&self, name: String) -> BoxFuture<'_, Result<Option<Checkpoint>, LogError>> {
        Box::pin(async move {
            let row = sqlx::query("SELECT position, leaf_hash FROM checkpoint WHERE name = $1")
                .bind(name)
                .fetch_optional(&self.database.readers)
                .await
                .map_err(broken)?;
            row.as_ref().map(checkpoint).transpose().map_err(broken)
        })
    }

    fn save(&self, name: String, checkpoint: Checkpoint) -> BoxFuture<'_, Result<(), LogError>> {
        Box::pin(async move {
            sqlx::query(
                "INSERT INTO checkpoint (name, position, leaf_hash) VALUES ($1, $2, $3)
                 ON CONFLICT (name)
                 DO UPDATE SET position = excluded.position, leaf_hash = excluded.leaf_hash",
            )
            .bind(name)
            .bind(checkpoint.position)
            .bind(checkpoint.leaf_hash.as_slice())
            .execute(&self.database.writer)
            .await
            .map(drop)
            .map_err(broken)
        })
    }
}

fn checkpoint(row: &SqliteRow) -> Result<Checkpoint, sqlx::Error> {
    let hash: &[u8] = row.try_get(1)?;
    Ok(Checkpoint {
        position: row.try_get(0)?,
        leaf_hash: hash.try_into().map_err(undecodable)?,
    })
}

impl Leadership for SqliteLog {
    fn try_lead(&self, name: String) -> BoxFuture<'_, Result<Option<Box<dyn Lead>>, LogError>> {
        let lead = self.locks.try_lock(&name);
        Box::pin(async { lead })
    }
}

/// Who leads what. Beside a file it is a lock of the operating system, which ends with the process
/// that holds it, however that ends; in memory there is only this process.
pub(super) enum Locks {
    Beside(PathBuf),
    Memory(Arc<Mutex<HashSet<String>>>),
}

impl Locks {
    pub fn beside(path: Option<&Path>) -> Self {
        path.map_or_else(
            || Self::Memory(Arc::default()),
            |path| Self::Beside(path.to_owned()),
        )
    }

    fn try_lock(&self, name: &str) -> Result<Option<Box<dyn Lead>>, LogError> {
        match self {
            Self::Memory(names) => {
                let free = names
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(name.to_owned());
                let led = || -> Box<dyn Lead> { Box::new(Led(Arc::clone(names), name.to_owned())) };
                Ok(free.then(led))
            }
            Self::Beside(path) => lock_file(path, name),
        }
    }
}

/// Locks `log.db.<name>.lock`. The file stays: to delete it would let two lock different files.
fn lock_file(path: &Path, name: &str) -> Result<Option<Box<dyn Lead>>, LogError> {
    let failed = |error: std::io::Error| LogError::Broken(format!("the lock {name}: {error}"));
    if !name
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    {
        return Err(LogError::Broken(format!("{name} is no name for a job")));
    }
    let mut lock = path.as_os_str().to_owned();
    lock.push(format!(".{name}.lock"));
    let file = super::connection::private_file(Path::new(&lock)).map_err(failed)?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(Box::new(Locked(file)))),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(failed(error.into())),
    }
}

/// Holds the lock as long as the file is open.
struct Locked(#[expect(dead_code, reason = "it is kept open")] File);

impl Lead for Locked {
    fn still_held(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { true })
    }
}

struct Led(Arc<Mutex<HashSet<String>>>, String);

impl Lead for Led {
    fn still_held(&self) -> BoxFuture<'_, bool> {
        Box::pin(async { true })
    }
}

impl Drop for Led {
    fn drop(&mut self) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        names.remove(&self.1);
    }
}
