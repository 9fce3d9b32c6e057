//! Vouchers.

pub mod prepay;
pub mod redeem;

use domain::Stream;
use domain::ids::{ItemId, VenueId, VoucherId};
use domain::venue::ItemKind;
use domain::voucher::{Holding, Kind, Placed, ValidAt, Voucher, VoucherEvent};

use crate::codes::CodeKeys;
use crate::lookup::{DueKind, Indexed, LookupWrite, VoucherPlace};

impl Indexed for Voucher {
    fn lookups(
        &self,
        stream: Stream,
        _events: &[VoucherEvent],
        _keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let Some(holding) = self.holding() else {
            return Vec::new();
        };
        let usable = matches!(self, Self::Usable(_));
        let places = if usable { places(holding) } else { Vec::new() };
        let due = holding.terms.expires_at.map(|expires_at| LookupWrite::Due {
            kind: DueKind::VoucherExpiry,
            network: holding.terms.network.to_string(),
            id: stream.id,
            at: usable.then_some(expires_at),
        });
        let places = LookupWrite::Places {
            voucher_id: VoucherId(stream.id),
            places,
        };
        std::iter::once(places).chain(due).collect()
    }
}

/// One row per venue, or one for the whole network.
fn places(holding: &Holding) -> Vec<VoucherPlace> {
    match &holding.terms.valid_at {
        ValidAt::Venue { venue_id } => vec![place(holding, Some(*venue_id), 0)],
        ValidAt::Venues { venue_ids } => venue_ids
            .iter()
            .map(|venue_id| place(holding, Some(*venue_id), 0))
            .collect(),
        ValidAt::Network {
            max_price_minor, ..
        } => {
            vec![place(holding, None, max_price_minor.get())]
        }
    }
}

fn place(holding: &Holding, venue_id: Option<VenueId>, max_price_minor: i64) -> VoucherPlace {
    let terms = &holding.terms;
    let (item_id, item_kind) = item(&terms.kind);
    VoucherPlace {
        network: terms.network.to_string(),
        venue_id,
        item_id,
        item_kind,
        max_price_minor,
        on_board: holding.placed == Placed::Board,
        since: terms.at,
        ordinal: terms.ordinal,
        expires_at: terms.expires_at,
    }
}

fn item(kind: &Kind) -> (Option<ItemId>, Option<ItemKind>) {
    match kind {
        Kind::Item {
            item_id, item_kind, ..
        } => (*item_id, Some(*item_kind)),
        Kind::Credit { .. } => (None, None),
    }
}
