//! Does the whole log keep every invariant? A check of the acts of its own.
//!
//! It knows neither the aggregates nor the ledger: a small state of each stream, and what each
//! amount means, stand here a second time, so that a mistake there is not a mistake here. What it
//! finds are rows, because a log that is broken must still be read to its end.

mod money;
pub mod report;
mod stream;
mod task;
mod venue;
mod voucher;

use std::collections::BTreeMap;

use domain::event::{Act, Event};
use serde::{Deserialize, Serialize};

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};

/// The name and the version of this check.
pub const MODEL: Model = Model {
    name: "conserve",
    version: 1,
};

row! {
    /// An act that breaks an invariant.
    pub struct Violation in "conserve_violation" indexes [] {
        /// The position in 19 digits and a number, so that keys sort.
        key: String,
        /// Where in the log; 0 = nowhere in particular.
        position: i64,
        /// The network's slug.
        network: String,
        /// The stream's id; empty if it is about a sum.
        stream: String,
        /// `aggregate.act`; empty if it is about the end of the log.
        act: String,
        /// The name of the invariant.
        invariant: String,
        /// What is wrong, in words.
        detail: String,
    }
}

row! {
    /// How far a stream is.
    pub struct Stream in "conserve_stream" indexes [] {
        /// Its id.
        key: String,
        /// The network's slug.
        network: String,
        /// The aggregate.
        aggregate: String,
        /// The number of its last event.
        sequence: i64,
    }
}

row! {
    /// A token that may date acts back without a bound.
    pub struct Importer in "conserve_importer" indexes [] {
        /// The access.
        key: String,
        /// Since when, in microseconds.
        granted_at: i64,
    }
}

row! {
    /// A voucher.
    pub struct Voucher in "conserve_voucher" indexes [] {
        /// Its id.
        key: String,
        /// What is known of it.
        state: Json<voucher::State>,
    }
}

row! {
    /// A venue.
    pub struct Venue in "conserve_venue" indexes [] {
        /// Its id.
        key: String,
        /// The network's slug.
        network: String,
        /// From when it takes no vouchers, in microseconds; null = it takes them.
        closed_from: Option<i64>,
        /// 1 = it has left for good.
        left: i64,
        /// How many vouchers can be used here and nowhere else.
        bound: i64,
    }
}

row! {
    /// A task.
    pub struct Task in "conserve_task" indexes [] {
        /// Its id.
        key: String,
        /// How many people it needs.
        slots: i64,
        /// Its claims, and whether each is held or at work.
        claims: Json<BTreeMap<String, bool>>,
    }
}

row! {
    /// The sums of one network, venue, donor or fund in one currency, in minor units.
    pub struct Sum in "conserve_sum" indexes [] {
        /// Network, currency, dimension and what it is of, with `|` between, as in the ledger.
        key: String,
        /// The network's slug.
        network: String,
        /// `network`, `venue`, `donor` or `fund`.
        dimension: String,
        /// Paid.
        prepaid_minor: i64,
        /// Got from another venue.
        rehomed_in_minor: i64,
        /// What vouchers say is left on them.
        outstanding_minor: i64,
        /// Used, without what was taken back.
        redeemed_minor: i64,
        /// Expired.
        expired_minor: i64,
        /// Refunded.
        refunded_minor: i64,
        /// Voided.
        voided_minor: i64,
        /// Given to another venue.
        rehomed_out_minor: i64,
        /// What funds got by re-homing, negative where they paid.
        to_fund_minor: i64,
        /// By how much the equation was off when it was last told.
        off_minor: i64,
        /// By how much the equation of re-homing was off when it was last told.
        rehomed_off_minor: i64,
    }
}

/// What is checked.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Invariant {
    /// Per currency, network, venue, donor and fund, at every position: prepaid + `rehomed_in` =
    /// outstanding + redeemed + expired + refunded + voided + `rehomed_out`.
    MoneyEquation,
    /// Over a network `rehomed_out` = `rehomed_in` + differences to the fund.
    RehomedEquation,
    /// Every flow has two sides: what leaves a voucher is what the venue gets and what a fund gets
    /// or pays.
    TwoSided,
    /// A voucher is redeemed at most once.
    RedeemedOnce,
    /// A credit is never used beyond its balance, and what is left is told rightly.
    WithinBalance,
    /// Nothing happens to a voucher before it is prepaid, and it is prepaid once.
    PrepaidFirst,
    /// Nothing is used, moved or given back after it expired.
    NotAfterExpired,
    /// Nothing is used, moved or given back after it was refunded.
    NotAfterRefunded,
    /// Nothing is used, moved or given back after it was voided.
    NotAfterVoided,
    /// A voucher is used where it is valid, at a venue that takes vouchers then.
    ValidThere,
    /// A use is taken back once, and only one that was.
    ReversedOnce,
    /// A venue that leaves or is suspended strands no voucher.
    NotStranded,
    /// A task never has more live claims than slots.
    WithinSlots,
    /// Every stage is entered by its act: a stream begins with the act that makes it, and only
    /// with that one.
    StageEntered,
    /// The events of a stream are numbered from 1 without gaps, and belong to one network.
    SequenceMonotone,
    /// An act happened at most 5 minutes after it was recorded, and no longer before than its role
    /// may date it back.
    OccurredInBounds,
    /// The ledger says the same.
    LedgerAgrees,
}

/// The fold of this check.
pub struct Conserve;

impl Fold for Conserve {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            Violation::TABLE,
            Stream::TABLE,
            Importer::TABLE,
            Voucher::TABLE,
            Venue::TABLE,
            Task::TABLE,
            Sum::TABLE,
        ]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        let mut found = Found::default();
        stream::check(act, rows, &mut found)?;
        match &act.event {
            Event::Voucher(event) => voucher::check(act, event, rows, &mut found)?,
            Event::Venue(event) => venue::check(act, event, rows, &mut found)?,
            Event::Task(event) => task::check(act, event, rows, &mut found)?,
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
            | Event::Subject(_) => {}
        }
        found.write(act, rows);
        Ok(())
    }
}

/// What is wrong with one act.
#[derive(Default)]
struct Found(Vec<(Invariant, String)>);

impl Found {
    /// Notes an invariant that does not hold.
    fn broken(&mut self, invariant: Invariant, detail: impl Into<String>) {
        self.0.push((invariant, detail.into()));
    }

    /// Notes it unless it holds.
    fn check(&mut self, holds: bool, invariant: Invariant, detail: impl FnOnce() -> String) {
        if !holds {
            self.broken(invariant, detail());
        }
    }

    fn write(self, act: &Act, rows: &mut Rows) {
        for (number, (invariant, detail)) in self.0.into_iter().enumerate() {
            rows.put(Violation {
                key: format!("{:019}-{number:04}", act.position),
                position: act.position,
                network: act.network.clone(),
                stream: act.aggregate_id.to_string(),
                act: act.event.name(),
                invariant: invariant.to_string(),
                detail,
            });
        }
    }
}
