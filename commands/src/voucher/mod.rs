//! Vouchers.

pub mod allocate;
pub mod check;
pub mod codes_of;
pub mod expire;
pub mod hand_over;
pub mod issue_code;
pub mod prepay;
pub mod redeem;
pub mod refund;
pub mod rehome;
pub mod return_to_board;
pub mod reverse_redemption;
pub mod revoke_code;
pub mod void;

mod holding;
mod of_the_day;

use domain::Stream;
use domain::ids::{ItemId, VenueId, VoucherId};
use domain::venue::ItemKind;
use domain::voucher::{Holding, Kind, Placed, ValidAt, Voucher, VoucherEvent};

use crate::codes::CodeKeys;
use crate::lookup::{DueKind, Indexed, KeyKind, LookupWrite, VoucherPlace};

impl Indexed for Voucher {
    fn lookups(
        &self,
        stream: Stream,
        events: &[VoucherEvent],
        keys: &CodeKeys,
    ) -> Vec<LookupWrite> {
        let Some(holding) = self.holding() else {
            return Vec::new();
        };
        let voucher_id = VoucherId(stream.id);
        let places = self.usable().map(places).unwrap_or_default();
        let due = holding.terms.expires_at.map(|expires_at| LookupWrite::Due {
            kind: DueKind::VoucherExpiry,
            network: holding.terms.network.to_string(),
            id: stream.id,
            at: self.usable().map(|_| expires_at),
        });
        let codes = events.iter().filter_map(|event| match event {
            VoucherEvent::CodeIssued(issued) => {
                Some(code(holding, voucher_id, issued.issue_no, keys))
            }
            _ => None,
        });
        let numbers = events
            .iter()
            .filter_map(|event| of_the_day::key(event, |id| holding.redemption(id).cloned()));
        let places = LookupWrite::Places { voucher_id, places };
        let all = std::iter::once(places).chain(due);
        all.chain(codes).chain(numbers).collect()
    }
}

/// A code leads to its voucher for ever, so that a used or revoked one is told from an unknown one.
fn code(holding: &Holding, voucher_id: VoucherId, issue_no: u32, keys: &CodeKeys) -> LookupWrite {
    let network = &holding.terms.network;
    LookupWrite::Key {
        kind: KeyKind::Code,
        key: keys.digest(network, keys.code(network, voucher_id, issue_no)),
        value: format!("{voucher_id}/{issue_no}"),
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
