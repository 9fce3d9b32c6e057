//! Whether a stream holds the beginning of this log, and where not.

use async_nats::jetstream::stream::Stream;
use commands::log::{EventLog, LogError};

use super::stream::{Away, is_of, trace};

/// Why the relay may not go on: somebody must decide which of the two is right. As a rule the
/// database was restored from a backup, and the stream must be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// The stream was made from another log.
    #[error("the stream belongs to another log, so it differs from position 1 on")]
    OtherLog,
    /// Messages are missing that the stream held once.
    #[error("the stream lacks messages before its last, the first at position {position}")]
    Incomplete {
        /// The first that is missing.
        position: i64,
    },
    /// It has another event than the log, or one that the log has not.
    #[error("the stream differs from the log from position {position} on")]
    From {
        /// The first position at which they differ.
        position: i64,
    },
}

/// Why a comparison has no result.
#[derive(Debug)]
pub(super) enum Unclear {
    Differs(Difference),
    Nats(Away),
    Log(LogError),
}

impl From<Away> for Unclear {
    fn from(away: Away) -> Self {
        Self::Nats(away)
    }
}

impl From<LogError> for Unclear {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// The last position of the stream, which is the one after which to go on.
pub(super) async fn resume_after(log: &dyn EventLog, stream: &Stream) -> Result<i64, Unclear> {
    let state = &stream.cached_info().state;
    if !is_of(stream, log.log_id()) {
        return Err(Unclear::Differs(Difference::OtherLog));
    }
    let last = i64::try_from(state.last_sequence).unwrap_or(i64::MAX);
    if last == 0 {
        return Ok(0);
    }
    if state.messages < state.last_sequence {
        let position = first_missing(stream).await?;
        return Err(Unclear::Differs(Difference::Incomplete { position }));
    }
    // Read after the stream's end: the log can only have grown meanwhile.
    if last > log.head().await? || !agree(log, stream, last).await? {
        let position = first_difference(log, stream, last).await?;
        return Err(Unclear::Differs(Difference::From { position }));
    }
    Ok(last)
}

async fn first_missing(stream: &Stream) -> Result<i64, Away> {
    let listing = stream.info_builder().with_deleted(true).fetch();
    let state = listing.await.map_err(Away::from)?.info.state;
    if state.first_sequence > 1 {
        return Ok(1);
    }
    let first = state.deleted.iter().flatten().min();
    Ok(first.map_or(1, |position| i64::try_from(*position).unwrap_or(i64::MAX)))
}

/// Two logs with the same id have a common beginning and never meet again, so that halving finds
/// where they part.
async fn first_difference(log: &dyn EventLog, stream: &Stream, last: i64) -> Result<i64, Unclear> {
    let (mut same, mut different) = (0, last);
    while different - same > 1 {
        let middle = same + (different - same) / 2;
        if agree(log, stream, middle).await? {
            same = middle;
        } else {
            different = middle;
        }
    }
    Ok(different)
}

async fn agree(log: &dyn EventLog, stream: &Stream, position: i64) -> Result<bool, Unclear> {
    let page = log.read(position - 1, 1).await?;
    let Some(event) = page.first().filter(|event| event.position == position) else {
        return Ok(false);
    };
    let trace = trace(stream, position.unsigned_abs()).await?;
    Ok(trace.is_some_and(|trace| {
        trace.log_id == log.log_id().to_string() && trace.leaf_hash == hex::encode(event.leaf_hash)
    }))
}
