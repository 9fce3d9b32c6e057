//! What a reaction, or any other job that follows the log, needs besides the log itself.

use futures::future::BoxFuture;

use crate::log::LogError;

/// How far a job has read the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last position that it has dealt with, from 1.
    pub position: i64,
    /// The leaf hash of the event there: if the log has another one, it is not the log that the
    /// job has read, and the job must stop.
    pub leaf_hash: [u8; 32],
}

/// Where jobs keep their checkpoints.
pub trait Checkpoints: Send + Sync {
    /// How far the job with this name came; `None` if it has not begun.
    fn load(&self, name: String) -> BoxFuture<'_, Result<Option<Checkpoint>, LogError>>;

    /// Keeps it durably. What lies between the last save and a crash is done again.
    fn save(&self, name: String, checkpoint: Checkpoint) -> BoxFuture<'_, Result<(), LogError>>;
}

/// Sees to it that one process at a time does a named job. Two may overlap for a moment when a
/// leader is cut off, so what a job does must be repeatable all the same.
pub trait Leadership: Send + Sync {
    /// Becomes the leader of the job with this name; `None` while somebody else is.
    fn try_lead(&self, name: String) -> BoxFuture<'_, Result<Option<Box<dyn Lead>>, LogError>>;
}

/// The leadership, until it is dropped or its process ends, however it ends.
pub trait Lead: Send + Sync {
    /// Whether it is still held; asked before every batch of work.
    fn still_held(&self) -> BoxFuture<'_, bool>;
}
