//! From which event a command of a reaction follows, so that an auditor finds the one by the other.

use std::sync::Arc;

use domain::Entity;
use domain::envelope::{Metadata, Recorded};
use uuid::Uuid;

use crate::executor::{Desk, Failure};
use crate::store::{event_id, last_of};

/// An event that made a reaction act. It is told, never needed: where none is found, the act is
/// done all the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause {
    /// The event.
    pub(crate) event_id: Uuid,
    /// What it belongs to, and what follows from it with it.
    pub(crate) correlation: Option<Uuid>,
}

impl Cause {
    /// This event.
    pub(super) fn of(event: &Recorded) -> Self {
        let metadata = serde_json::from_str::<Metadata>(&event.record.metadata);
        let correlation = metadata.ok().map(|metadata| metadata.correlation);
        Self {
            event_id: event.record.event_id,
            correlation: correlation.and_then(|id| id.parse().ok()),
        }
    }

    /// The last event of a stream that is the one looked for: what put the stream on a due-list.
    ///
    /// # Errors
    /// If the log is away.
    pub(super) async fn last<A: Entity>(
        desk: &Arc<Desk>,
        id: impl Into<Uuid> + Send,
        is_it: impl Fn(&A::Event) -> bool + Send,
    ) -> Result<Option<Self>, Failure> {
        let (log, stream) = (&**desk.log(), A::stream(id));
        let found = last_of::<A>(log, stream, is_it).await?;
        Ok(found.map(|stored| {
            let correlation = stored.metadata.get("correlation");
            let correlation = correlation.and_then(|correlation| correlation.as_str());
            Self {
                event_id: event_id(log, stream, &stored),
                correlation: correlation.and_then(|id| id.parse().ok()),
            }
        }))
    }
}
