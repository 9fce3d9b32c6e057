//! Connections, and jobs on them: a job runs from its first statement to its last without waiting for
//! anybody, on a thread that may block.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use projections::store::StoreError;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use crate::sqlite::{is_held, takes_no_more};
use crate::views::STATEMENTS;

/// How long a job waits for a connection, and a writer for another process.
const BUSY: Duration = Duration::from_secs(10);

/// How a connection is opened, time and again.
#[derive(Clone, Debug)]
pub(super) struct Recipe {
    /// The file; `:memory:` and nothing at all name a database that only one connection sees.
    pub file: PathBuf,
    /// Pragmas.
    pub settings: &'static str,
}

impl Recipe {
    pub fn new(file: impl AsRef<Path>, settings: &'static str) -> Self {
        let file = file.as_ref().to_owned();
        Self { file, settings }
    }

    fn open(&self) -> rusqlite::Result<Connection> {
        // Each is used by one thread at a time: SQLite's own locks are not needed.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(&self.file, flags)?;
        connection.busy_timeout(BUSY)?;
        connection.execute_batch(self.settings)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Ok(connection)
    }
}

/// Up to so many connections to one database. They are opened when they are needed, and stay.
#[derive(Clone)]
pub(super) struct Connections {
    recipe: Arc<Recipe>,
    idle: Arc<Mutex<Vec<Connection>>>,
    free: Arc<Semaphore>,
}

impl Connections {
    pub fn new(most: usize, recipe: Recipe) -> Self {
        Self {
            recipe: Arc::new(recipe),
            idle: Arc::default(),
            free: Arc::new(Semaphore::new(most)),
        }
    }

    /// Does the job, to its end even if nobody waits for it any more.
    ///
    /// # Errors
    /// `Unavailable` if no connection was free for ten seconds, if another process wrote for so long, or
    /// if the disk takes no more.
    pub async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let free = Arc::clone(&self.free).acquire_owned();
        let free = tokio::time::timeout(BUSY, free).await;
        let free = free.map_err(|_late| StoreError::Unavailable)?;
        let free = free.map_err(StoreError::broken)?;
        let this = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let idle = this.idle().pop();
            let mut connection = idle.map_or_else(|| this.recipe.open(), Ok)?;
            let done = job(&mut connection);
            this.idle().push(connection);
            drop(free);
            done
        });
        done.await.map_err(StoreError::broken)?.map_err(failed)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to map_err")]
pub(super) fn failed(error: rusqlite::Error) -> StoreError {
    let code = error.sqlite_error().map(|error| error.extended_code);
    if code.is_some_and(|code| is_held(code) || takes_no_more(code)) {
        tracing::warn!(%error, "the views are away, or their disk takes no more");
        return StoreError::Unavailable;
    }
    StoreError::Broken(error.to_string())
}
