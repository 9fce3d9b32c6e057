//! What every answer of a read model carries: how far it has come and how old that is.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use crate::fold::Model;
use crate::store::{Checkpoint, Query, ReadStore, Snapshot, StoreError};

/// How often a waiting reader looks where no projector of its own process tells it.
const LOOK: Duration = Duration::from_millis(10);

/// How far a read model has come when it answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct View {
    /// The last position that is folded in.
    pub position: i64,
    /// When that act was recorded; absent before the first.
    pub recorded_at: Option<DateTime<Utc>>,
    /// False if the position that was asked for was not reached in time: accepted, view late.
    pub reached: bool,
}

impl View {
    /// The view at this checkpoint, for a reader who asked for `min_position`.
    #[must_use]
    pub fn at(checkpoint: &Checkpoint, min_position: i64) -> Self {
        Self {
            position: checkpoint.position,
            recorded_at: (checkpoint.position > 0).then_some(checkpoint.recorded_at),
            reached: checkpoint.position >= min_position,
        }
    }
}

/// What a reader has seen already, and how long the reader waits for the view to have it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The position; 0 = whatever there is.
    pub position: i64,
    /// How long at most.
    pub wait: Duration,
}

/// Asks a read model, waiting at most `wait` until it has reached `min_position`.
///
/// # Errors
/// If the store is away, or the read model is still being built after that time.
pub async fn ask(
    store: &dyn ReadStore,
    model: Model,
    queries: Vec<Query>,
    min_position: i64,
    wait: Duration,
) -> Result<Snapshot, StoreError> {
    let until = tokio::time::Instant::now() + wait;
    loop {
        let answer = store.query(model, queries.clone()).await;
        let late = match &answer {
            Ok(snapshot) => snapshot.checkpoint.position < min_position,
            Err(error) => *error == StoreError::Building,
        };
        if !late || tokio::time::Instant::now() >= until {
            return answer;
        }
        tokio::time::sleep(LOOK).await;
    }
}
