//! The port through which the log is read to be checked: as it is stored, with nothing believed.

use futures::future::BoxFuture;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::log::LogError;

/// An event as a database has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored<'a> {
    /// The place in the log.
    pub position: i64,
    /// The network's slug.
    pub network: &'a str,
    /// The aggregate's type.
    pub aggregate_type: &'a str,
    /// The aggregate's id.
    pub aggregate_id: &'a str,
    /// The number in its stream.
    pub sequence: i64,
    /// `aggregate.act`.
    pub event_type: &'a str,
    /// The version of the event's shape.
    pub event_version: &'a str,
    /// The exact text.
    pub payload: &'a str,
    /// The exact text.
    pub metadata: &'a str,
    /// The event's id.
    pub event_id: Uuid,
    /// Microseconds since 1970.
    pub occurred_at: i64,
    /// Microseconds since 1970.
    pub recorded_at: i64,
    /// The leaf hash that was stored with it.
    pub leaf_hash: &'a [u8],
}

/// What the database says of the log as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log's id.
    pub log_id: Uuid,
    /// The last position.
    pub position: i64,
    /// The leaf hash there; `None` if nothing was recorded.
    pub leaf_hash: Option<Vec<u8>>,
}

/// What an engine says of a row that comes after a position and holds what no event can be.
#[must_use]
pub fn unreadable(after: i64) -> LogError {
    LogError::Broken(format!(
        "after position {after} comes a row out of which no event can be read"
    ))
}

/// Some events that follow on each other.
#[expect(clippy::len_without_is_empty, reason = "nobody asks")]
pub trait Chunk: Send {
    /// How many.
    fn len(&self) -> usize;

    /// One of them.
    ///
    /// # Errors
    /// If a column holds what it cannot hold.
    fn event(&self, at: usize) -> Result<Stored<'_>, LogError>;
}

/// Reads a log with the right to read alone.
pub trait Scan: Send + Sync {
    /// What the database says of the log as a whole.
    fn head(&self) -> BoxFuture<'_, Result<Head, LogError>>;

    /// Sends all events after `after` up to `last`, in order of position, in chunks of bounded
    /// size; it waits for whoever takes them, and ends early when nobody does.
    fn events(
        &self,
        after: i64,
        last: i64,
        out: mpsc::Sender<Box<dyn Chunk>>,
    ) -> BoxFuture<'_, Result<(), LogError>>;
}
