//! How a SQLite file is opened: private to its owner, with one writer and a few readers.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use commands::log::LogError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, SqliteConnection};

/// How long a writer waits for another process's transaction before it answers `Busy`.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// The most connections that read at once; SQLite readers never wait for the writer.
const READERS: u32 = 4;
/// The write-ahead log is copied back after this many pages of 4 KiB.
const CHECKPOINT_PAGES: &str = "4000";
/// The pages that one connection keeps in memory, in KiB, negative as SQLite wants it. SQLite shares
/// them out among all connections of the process: one that reads a long log takes the sum of what all
/// of them may, so this bounds the memory of the program.
const CACHE: &str = "-4096";
/// How often two processes may get in each other's way when they create the same file.
const OPEN_ATTEMPTS: u32 = 20;

/// The steps that lead to today's schema, each run once per file, in order.
pub type Steps = &'static [&'static str];

/// What becomes of the bytes of a deleted or overwritten row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleted {
    /// They stay in the file until their place is used again.
    Left,
    /// They are overwritten, as keys must be.
    Overwritten,
}

/// An open SQLite database.
#[derive(Clone, Debug)]
pub struct Database {
    /// The one connection of this process that writes.
    pub writer: SqlitePool,
    /// Connections that only read. In memory it is the writer's, as there is no other.
    pub readers: SqlitePool,
    /// The file; `None` in memory.
    pub path: Option<PathBuf>,
}

impl Database {
    /// Opens or creates the file, readable by its owner only, and brings its schema up to date.
    /// What it answered as written survives the loss of power.
    ///
    /// # Errors
    /// If the file cannot be created or was written by a newer version of this program.
    pub async fn open(path: &Path, deleted: Deleted, steps: Steps) -> Result<Self, LogError> {
        private_file(path).map_err(|error| broken_file(path, &error))?;
        let options = options()
            .filename(path)
            .synchronous(SqliteSynchronous::Full)
            .pragma("secure_delete", deleted.pragma())
            .journal_mode(SqliteJournalMode::Wal);
        let mut attempt = 0;
        let writer = loop {
            match open_writer(only_settled(lasting(1)), options.clone(), steps).await {
                // Turning a new file to WAL does not wait for another process that does the same.
                Err(LogError::Busy) if attempt < OPEN_ATTEMPTS => attempt += 1,
                done => break done?,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let readers = lasting(READERS).connect_lazy_with(options.read_only(true));
        let path = Some(path.to_owned());
        Ok(Self {
            writer,
            readers,
            path,
        })
    }

    /// A database that is gone with its handle.
    ///
    /// # Errors
    /// If there is no memory for it.
    pub async fn memory(steps: Steps) -> Result<Self, LogError> {
        let writer = open_writer(lasting(1), options().in_memory(true), steps).await?;
        Ok(Self {
            readers: writer.clone(),
            writer,
            path: None,
        })
    }
}

/// Connections to a file that is there, which can only read it. Nothing is created beside it
/// where nothing may be: a file whose writer has ended is then read as it lies.
///
/// # Errors
/// If it cannot be opened.
pub async fn look(path: &Path) -> Result<SqlitePool, LogError> {
    let read_only = options()
        .filename(path)
        .create_if_missing(false)
        .read_only(true)
        // A row may be a page of the log.
        .row_buffer_size(8);
    let error = match lasting(READERS).connect_with(read_only.clone()).await {
        Ok(pool) => return Ok(pool),
        Err(error) => error,
    };
    let mut beside = path.as_os_str().to_owned();
    beside.push("-wal");
    if Path::new(&beside).exists() || !path.exists() {
        return Err(LogError::Broken(format!("{}: {error}", path.display())));
    }
    let pool = lasting(READERS)
        .connect_with(read_only.immutable(true))
        .await;
    pool.map_err(broken)
}

impl Deleted {
    fn pragma(self) -> &'static str {
        match self {
            Self::Left => "OFF",
            Self::Overwritten => "ON",
        }
    }
}

/// What the engine's error means for the caller. Only errors before a COMMIT go through here, so
/// that `Busy` and `Broken` promise that nothing was written.
#[allow(clippy::needless_pass_by_value, reason = "it is used with map_err")]
pub fn broken(error: sqlx::Error) -> LogError {
    if is_busy(&error) {
        return LogError::Busy;
    }
    if is_away(&error) {
        tracing::error!(%error, "SQLite does not answer, or its disk takes no more");
        return LogError::Unavailable;
    }
    LogError::Broken(error.to_string())
}

/// Whether somebody else is writing.
fn is_busy(error: &sqlx::Error) -> bool {
    code(error).is_some_and(is_held)
}

/// `SQLITE_BUSY` and `SQLITE_LOCKED`, and what they are extended to: the low byte is the class.
pub(crate) fn is_held(code: i32) -> bool {
    matches!(code & 0xff, 5 | 6)
}

/// Whether it may work again without anybody's doing in this program: once there is space again.
fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => true,
        _ => code(error).is_some_and(takes_no_more),
    }
}

/// `SQLITE_FULL`, and what `SQLITE_IOERR` is extended to where bytes could not be written, made
/// durable or counted as ours. An error of reading is not among them: it is a damaged file.
pub(crate) fn takes_no_more(code: i32) -> bool {
    const FULL: i32 = 13;
    const WRITE: i32 = 778;
    const FSYNC: i32 = 1034;
    const DIR_FSYNC: i32 = 1290;
    const TRUNCATE: i32 = 1546;
    const SHMOPEN: i32 = 4618;
    const SHMSIZE: i32 = 4874;
    const SHMMAP: i32 = 5386;
    let written = [WRITE, FSYNC, DIR_FSYNC, TRUNCATE, SHMOPEN, SHMSIZE, SHMMAP];
    code == FULL || written.contains(&code)
}

fn code(error: &sqlx::Error) -> Option<i32> {
    error.as_database_error()?.code()?.parse().ok()
}

/// A transaction that SQLite ended by itself, as it does when the disk is full, stays open in the
/// eyes of the driver, which would refuse every further one: such a connection is closed.
fn only_settled(options: SqlitePoolOptions) -> SqlitePoolOptions {
    options.before_acquire(|connection, _| {
        let settled = !connection.is_in_transaction();
        Box::pin(async move { Ok(settled) })
    })
}

fn broken_file(path: &Path, error: &io::Error) -> LogError {
    LogError::Broken(format!("{}: {error}", path.display()))
}

/// Opens or creates a file that only its owner reads. SQLite gives its `-wal` and `-shm` the rights
/// of the file itself.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(false)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        .pragma("temp_store", "MEMORY")
        .pragma("cache_size", CACHE)
        .statement_cache_capacity(64)
}

/// Connections that last: one in memory is the database, and one to a file does not grow old.
fn lasting(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

async fn open_writer(
    pool: SqlitePoolOptions,
    options: SqliteConnectOptions,
    steps: Steps,
) -> Result<SqlitePool, LogError> {
    let pool = pool.connect_with(options).await.map_err(broken)?;
    let mut writer = pool.acquire().await.map_err(broken)?;
    migrate(&mut writer, steps).await?;
    drop(writer);
    Ok(pool)
}

/// Runs the steps that this file has not seen, under the write lock, so that of several processes
/// one does it.
async fn migrate(connection: &mut SqliteConnection, steps: Steps) -> Result<(), LogError> {
    let mut transaction = connection
        .begin_with("BEGIN IMMEDIATE")
        .await
        .map_err(broken)?;
    let seen: i64 = sqlx::query_scalar("PRAGMA user_version")
        .fetch_one(&mut *transaction)
        .await
        .map_err(broken)?;
    let seen = usize::try_from(seen).unwrap_or(usize::MAX);
    if seen > steps.len() {
        let text = "the file was written by a newer version of this program".to_owned();
        return Err(LogError::Broken(text));
    }
    for step in &steps[seen..] {
        sqlx::raw_sql(step)
            .execute(&mut *transaction)
            .await
            .map_err(broken)?;
    }
    if seen < steps.len() {
        // A pragma takes no parameters.
        let sql = format!("PRAGMA user_version = {}", steps.len());
        sqlx::raw_sql(&sql)
            .execute(&mut *transaction)
            .await
            .map_err(broken)?;
    }
    transaction.commit().await.map_err(broken)
}
