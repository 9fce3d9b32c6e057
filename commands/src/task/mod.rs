//! Tasks.

pub mod cancel;
pub mod claim;
pub mod complete;
pub mod confirm;
pub mod contest_no_show;
pub mod create;
pub mod dispute;
pub mod expire;
pub mod release;
pub mod report_no_show;
pub mod resolve_dispute;
pub mod start;

pub mod show;

pub(crate) mod standing;

use domain::Stream;
use domain::task::{Task, TaskEvent};

use crate::codes::CodeKeys;
use crate::lookup::{DueKind, Indexed, LookupWrite};

impl Indexed for Task {
    /// While nobody is on it, an open task is due when its window is over; whoever is on it, when
    /// the first claim lapses.
    fn lookups(&self, stream: Stream, _events: &[TaskEvent], _keys: &CodeKeys) -> Vec<LookupWrite> {
        let Some(work) = self.work() else {
            return Vec::new();
        };
        let due = |kind, at| LookupWrite::Due {
            kind,
            network: work.created.network.to_string(),
            id: stream.id,
            at,
        };
        let is_idle = matches!(self, Self::Open(_)) && work.live().next().is_none();
        let expires_at = is_idle.then_some(work.created.window.to);
        let lapses_at = work.live().filter_map(|(_, claim)| claim.lapses_at).min();
        vec![
            due(DueKind::TaskExpiry, expires_at),
            due(DueKind::TaskClaim, lapses_at),
        ]
    }
}
