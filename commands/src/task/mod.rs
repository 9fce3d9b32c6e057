//! Tasks.

pub mod cancel;
pub mod claim;
pub mod complete;
pub mod confirm;
pub mod contest_no_show;
pub mod create;
pub mod dispute;
pub mod erase_note;
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
    /// the first claim lapses; after its end, when its own note is given up. The request that it
    /// serves, and who claims it, find it.
    fn lookups(&self, stream: Stream, events: &[TaskEvent], _keys: &CodeKeys) -> Vec<LookupWrite> {
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
        let note = work.created.note.as_ref();
        let is_its_own = note.is_some_and(|note| note.key_id == stream.id) && !work.note_erased;
        let ended_at = self.ended_at().filter(|_| is_its_own);
        let mut writes = vec![
            due(DueKind::TaskExpiry, expires_at),
            due(DueKind::TaskClaim, lapses_at),
            due(DueKind::TaskNote, ended_at),
        ];
        writes.extend(events.iter().filter_map(|event| concern(event, stream)));
        writes
    }
}

fn concern(event: &TaskEvent, stream: Stream) -> Option<LookupWrite> {
    match event {
        TaskEvent::Created(created) => {
            let request = created.help_request?;
            Some(LookupWrite::concern(request.0, stream, stream.id))
        }
        TaskEvent::Claimed(claimed) => {
            let (member, claim) = (claimed.member.0, claimed.claim_id);
            Some(LookupWrite::concern(member, stream, claim))
        }
        _ => None,
    }
}
