//! Where is the money, and does it add up? Every flow has two sides.
//!
//! Each voucher stands in four sets of totals: of its network, its venue, its donor and its fund.
//! In each, whatever came in (prepaid, re-homed to it) equals what is outstanding and what went out
//! (redeemed without what was taken back, expired, refunded, voided, re-homed away). Beside the
//! totals, each act is booked from one account to another, so that tills, debts and funds add up.

mod booking;
mod books;
pub mod query;
pub mod reconcile;

use std::collections::BTreeMap;

use domain::event::{Act, Event};
use domain::voucher::{ValidAt, VoucherEvent};

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "ledger",
    version: 1,
};

row! {
    /// A voucher as the ledger carries it.
    pub struct Carried in "ledger_voucher" indexes
        [(network, venue_id), (network, donor_id), (network, fund_id)] {
        /// The voucher's id.
        key: String,
        /// The network's slug.
        network: String,
        /// The code of ISO 4217.
        currency: String,
        /// The venue at which it is valid; empty if there are several.
        venue_id: String,
        /// The donor; empty if nobody knows who gave it.
        donor_id: String,
        /// The fund that carries it.
        fund_id: String,
        /// The account in which its money lies, and whose account that is.
        held_in: String,
        /// The venue or fund of that account; empty for the network's own account.
        held_of: String,
        /// 1 = a credit, which is used in parts.
        is_credit: i64,
        /// 1 = it can be used, as far as the ledger knows; 0 = it ended.
        outstanding_units: i64,
        /// What is left on it, in minor units.
        remaining_minor: i64,
        /// Where it can be used.
        valid_at: Json<ValidAt>,
        /// What a venue bore of a price that had risen, in minor units, by the use's id.
        borne_minor: Json<BTreeMap<String, i64>>,
    }
}

row! {
    /// The totals of one network, venue, donor or fund in one currency. Amounts are minor units,
    /// units are vouchers; a credit is one unit and redeemed when it is used up.
    pub struct Total in "ledger_total" indexes [(network, dimension, key)] {
        /// Network, currency, dimension and what it is of, with `|` between.
        key: String,
        /// The network's slug.
        network: String,
        /// The code of ISO 4217.
        currency: String,
        /// `network`, `venue`, `donor` or `fund`.
        dimension: String,
        /// The venue's, donor's or fund's id. Empty for the network itself, for vouchers of several
        /// venues, and for unknown donors.
        of_id: String,
        /// Prepaid.
        prepaid_units: i64,
        /// Prepaid.
        prepaid_minor: i64,
        /// Got from another venue, at the new value.
        rehomed_in_units: i64,
        /// Got from another venue, at the new value.
        rehomed_in_minor: i64,
        /// Not used yet.
        outstanding_units: i64,
        /// Not used yet.
        outstanding_minor: i64,
        /// Used, without what was taken back.
        redeemed_units: i64,
        /// Used, without what was taken back.
        redeemed_minor: i64,
        /// What venues got for what was used.
        settled_minor: i64,
        /// What venues bore of prices that had risen.
        borne_by_venue_minor: i64,
        /// Expired.
        expired_units: i64,
        /// Expired.
        expired_minor: i64,
        /// Refunded.
        refunded_units: i64,
        /// Refunded.
        refunded_minor: i64,
        /// Voided.
        voided_units: i64,
        /// Voided.
        voided_minor: i64,
        /// Given to another venue, at the old value.
        rehomed_out_units: i64,
        /// Given to another venue, at the old value.
        rehomed_out_minor: i64,
        /// Old values less new ones: what funds got by re-homing, negative where they paid.
        rehomed_to_fund_minor: i64,
    }
}

row! {
    /// One booking from one account to another.
    pub struct Posting in "ledger_posting" indexes [(network, key)] {
        /// The position of the act in 19 digits and the number of the line, so that keys sort.
        key: String,
        /// The network's slug.
        network: String,
        /// The position of the act.
        position: i64,
        /// The act.
        event_id: String,
        /// When it happened, in microseconds.
        occurred_at: i64,
        /// What flowed.
        flow: String,
        /// The account that it is booked to.
        debit: String,
        /// The venue, donor, organisation or fund of that account; empty if it has none.
        debit_of: String,
        /// The account that it is booked from.
        credit: String,
        /// The venue, donor, organisation or fund of that account; empty if it has none.
        credit_of: String,
        /// How much, in minor units; never negative.
        amount_minor: i64,
        /// The code of ISO 4217.
        currency: String,
        /// The voucher.
        voucher_id: String,
        /// Its venue before the act; empty if there are several.
        venue_id: String,
        /// Its donor; empty if nobody knows who gave it.
        donor_id: String,
        /// The fund that carries it.
        fund_id: String,
    }
}

row! {
    /// One account: all that was booked to it and from it.
    pub struct Balance in "ledger_account" indexes [(network, key)] {
        /// Network, currency, account and whose it is, with `|` between.
        key: String,
        /// The network's slug.
        network: String,
        /// The code of ISO 4217.
        currency: String,
        /// The account.
        account: String,
        /// The venue, donor, organisation or fund of the account; empty if it has none.
        of_id: String,
        /// All that was booked to it, in minor units.
        debit_minor: i64,
        /// All that was booked from it, in minor units.
        credit_minor: i64,
    }
}

/// The fold of this read model.
pub struct Ledger;

impl Fold for Ledger {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![Carried::TABLE, Total::TABLE, Posting::TABLE, Balance::TABLE]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Voucher(event) => voucher(act, event, rows),
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::Fund(_)
            | Event::HelpRequest(_)
            | Event::Member(_)
            | Event::Network(_)
            | Event::Organisation(_)
            | Event::Place(_)
            | Event::Service(_)
            | Event::Subject(_)
            | Event::Task(_)
            | Event::Venue(_) => Ok(()),
        }
    }
}

fn voucher(act: &Act, event: &VoucherEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    if let VoucherEvent::Prepaid(prepaid) = event {
        let carried = Carried::of(id, prepaid);
        booking::prepay(act, &carried, rows)?;
        rows.put(carried);
        return Ok(());
    }
    let Some(carried) = rows.get::<Carried>(&id)?.cloned() else {
        return Err(Stop::Broken(format!("voucher {id} was never prepaid")));
    };
    if let Some(after) = booking::book(act, event, carried, rows)? {
        rows.put(after);
    }
    Ok(())
}
