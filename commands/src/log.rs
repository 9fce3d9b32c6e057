//! The port of the event log: what an engine must offer so that nothing is lost or spent twice.

use cqrs_es::persist::SerializedEvent;
use domain::Stream;
use domain::envelope::{MAX_PAYLOAD, Record, Recorded};
use futures::future::BoxFuture;
use tokio::sync::watch;
use uuid::Uuid;

use crate::lookup::LookupWrite;

/// The most commands of one group commit.
pub const MAX_BATCH: usize = 512;
/// The most bytes of payload and metadata of one group commit, and of one command.
pub const MAX_BATCH_BYTES: usize = 1024 * 1024;

/// A stream that a command read or wrote, at the version that it saw. 0 = nothing in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expect {
    /// The stream.
    pub stream: Stream,
    /// The sequence of its last event when it was read.
    pub version: i64,
}

/// All that one command writes: all of it or nothing.
#[derive(Clone, Debug, Default)]
pub struct Append {
    /// Every stream that the decision depends on, written or only read; each once.
    pub expects: Vec<Expect>,
    /// The events, with sequences that follow on from the expected versions. A refusal has none.
    pub records: Vec<Record>,
    /// The changes of the lookups that follow from the events, in order: of several about the same voucher
    /// or due date the last counts.
    pub lookups: Vec<LookupWrite>,
    /// The answer to keep under the command's id.
    pub answer: Option<KeptAnswer>,
}

/// What was answered to a command, never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The command, see [`Request::command_id`](crate::executor::Request::command_id).
    pub command_id: Uuid,
    /// A keyed hash of the request, so that another request under the same id is noticed.
    pub request_hash: String,
    /// The answer as JSON.
    pub body: String,
    /// Kept for ever, as those of reactions and of prepayments are; others are pruned after 30 days.
    pub for_ever: bool,
    /// The position that the command reached; the engine fills it in.
    pub position: i64,
}

/// What became of an append.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is durable. The position is that of the last event, or of the head if there was none.
    Done {
        /// The position that readers must have reached to see it.
        position: i64,
    },
    /// A stream has moved on: load and decide again.
    Stale,
    /// The command was done before: this is what was answered.
    KeyTaken(KeptAnswer),
    /// A unique lookup key (a code's or token's digest) is taken: choose another.
    LookupTaken,
}

/// Why the log does not answer. Nothing here is the caller's fault but `TooLarge`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The queue is full; try again in a moment.
    #[error("too many commands are waiting")]
    Busy,
    /// The database is away; nothing was written, or it is not known: the same key tells.
    #[error("the log is away")]
    Unavailable,
    /// One event is larger than the log takes, or one command would write more than a batch holds.
    #[error("an event holds at most {MAX_PAYLOAD} bytes, a command at most {MAX_BATCH_BYTES}")]
    TooLarge,
    /// This machine's clock is more than five seconds off the database's.
    #[error("the clocks of this machine and the database differ too much")]
    ClockSkew,
    /// Anything else. The text is for the operator's log, never for a caller.
    #[error("the log failed: {0}")]
    Broken(String),
}

/// The event log.
pub trait EventLog: Send + Sync {
    /// The random id of this log.
    fn log_id(&self) -> Uuid;

    /// Appends durably. When this answers `Done`, the events survive the loss of the process and
    /// of the machine's power. Dropping the future does not stop an append that is on its way.
    fn append(&self, append: Append) -> BoxFuture<'_, Result<Appended, LogError>>;

    /// The events of a stream after `after`, oldest first.
    fn load(
        &self,
        stream: Stream,
        after: i64,
    ) -> BoxFuture<'_, Result<Vec<SerializedEvent>, LogError>>;

    /// Up to `limit` events after `after`, in order of position. What is returned is final: no
    /// event with a smaller position will ever appear.
    fn read(&self, after: i64, limit: usize) -> BoxFuture<'_, Result<Vec<Recorded>, LogError>>;

    /// The last position, 0 when nothing was recorded.
    fn head(&self) -> BoxFuture<'_, Result<i64, LogError>>;

    /// Wakes readers: holds a position that was the head at some time. It is a hint; a reader
    /// polls slowly as well.
    fn changes(&self) -> watch::Receiver<i64>;

    /// Deletes up to `limit` kept answers that are older than `before` and not kept for ever, and
    /// says how many went.
    fn prune_answers(
        &self,
        before: chrono::DateTime<chrono::Utc>,
        limit: usize,
    ) -> BoxFuture<'_, Result<u64, LogError>>;
}
