//! Requests for help.

pub mod claim;
pub mod close_unmet;
pub mod edit;
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
    /// claim lapses.
    fn lookups(
        &self,
        stream: Stream,
        _events: &[HelpRequestEvent],
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
        vec![
            due(DueKind::HelpRequestExpiry, expires_at),
            due(DueKind::HelpRequestClaim, lapses_at),
        ]
    }
}
