//! Requests for help.

pub mod claim;
pub mod close_unmet;
pub mod edit;
pub mod erase_texts;
pub mod expire;
pub mod fulfil;
pub mod partly_fulfil;
pub mod release;
pub mod reopen;
pub mod request;
pub mod withdraw;

pub mod show;

pub(crate) mod standing;

use domain::Stream;
use domain::help_request::{HelpRequest, HelpRequestEvent};

use crate::codes::CodeKeys;
use crate::lookup::{DueKind, Indexed, LookupWrite};

impl Indexed for HelpRequest {
    /// While nobody is on it, a request is due when its time is over; while somebody is, when the
    /// claim lapses; after its end, when its own texts are given up. Whom it concerns, and who
    /// claims it, find it.
    fn lookups(
        &self,
        stream: Stream,
        events: &[HelpRequestEvent],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let Some(need) = self.need() else {
            return Vec::new();
        };
        let due = |kind, at| LookupWrite::Due {
            kind,
            network: need.requested.network.to_string(),
            id: stream.id,
            at,
        };
        let expires_at = match self {
            Self::Open(need) => Some(need.terms.expires_at),
            _ => None,
        };
        let lapses_at = self.claim().map(|claim| claim.lapses_at);
        let ended_at = need.ended_at.filter(|_| need.holds_texts_of_its_own());
        let mut writes = vec![
            due(DueKind::HelpRequestExpiry, expires_at),
            due(DueKind::HelpRequestClaim, lapses_at),
            due(DueKind::HelpRequestTexts, ended_at),
        ];
        writes.extend(events.iter().filter_map(|event| concern(event, stream)));
        writes
    }
}

fn concern(event: &HelpRequestEvent, stream: Stream) -> Option<LookupWrite> {
    match event {
        HelpRequestEvent::Requested(requested) => {
            let subject = requested.subject?;
            Some(LookupWrite::concern(subject.0, stream, stream.id))
        }
        HelpRequestEvent::Claimed(claimed) => {
            let (member, claim) = (claimed.member.0, claimed.claim_id);
            Some(LookupWrite::concern(member, stream, claim))
        }
        _ => None,
    }
}
