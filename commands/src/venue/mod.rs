//! Venues.

pub mod admit;
pub mod announce_closure;
pub mod cancel_closure;
pub mod confirm;
pub mod delist_item;
pub mod dispose_vouchers;
pub mod give_item;
pub mod leave;
pub mod list_item;
pub mod reprice_item;
pub mod resume;
pub mod set_hours;
pub mod suspend;
pub mod turn_away;

mod destination;
pub mod disposal;

use domain::Stream;
use domain::venue::{Standing, Venue, VenueEvent};

use crate::codes::CodeKeys;
use crate::lookup::{DueKind, Indexed, LookupWrite};

impl Indexed for Venue {
    /// While vouchers wait to go elsewhere, the venue is due from the instant on from which it
    /// takes none.
    fn lookups(&self, stream: Stream, events: &[VenueEvent], _keys: &CodeKeys) -> Vec<LookupWrite> {
        let changes = |event: &VenueEvent| {
            matches!(
                event,
                VenueEvent::Suspended(_)
                    | VenueEvent::Resumed(_)
                    | VenueEvent::Left(_)
                    | VenueEvent::VouchersDisposed(_)
            )
        };
        let Some(house) = self.house().filter(|_| events.iter().any(changes)) else {
            return Vec::new();
        };
        let effective_at = match house.standing {
            Standing::Open => None,
            Standing::Suspended { effective_at } | Standing::Left { effective_at } => {
                Some(effective_at)
            }
        };
        vec![LookupWrite::Due {
            kind: DueKind::VenueDisposal,
            network: house.admitted.network.to_string(),
            id: stream.id,
            at: effective_at.filter(|_| house.disposal.is_pending()),
        }]
    }
}
