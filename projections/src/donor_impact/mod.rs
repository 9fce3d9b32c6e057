//! What became of what a donor gave?
//!
//! The rows hold the whole life of each voucher; what of it a donor's page may say is decided when
//! it is read: see [`query`].

mod life;
pub mod query;
pub mod receipt;
pub mod timeline;

use domain::event::{Act, Event};
use domain::fund::FundEvent;
use domain::network::NetworkEvent;
use domain::organisation::OrganisationEvent;
use domain::venue::VenueEvent;
use domain::voucher::{ValidAt, VoucherEvent};

pub use self::life::{Moment, What};
use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Json, Row as _, Table};

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "donor_impact",
    version: 1,
};

row! {
    /// The life of one voucher.
    pub struct Life in "donor_impact_voucher" indexes [(network, donor_id, since_position)] {
        /// The voucher's id.
        key: String,
        /// The network's slug.
        network: String,
        /// Who gave it; null = nobody knows.
        donor_id: Option<String>,
        /// The position at which it was prepaid; lives are read from the latest to the first.
        since_position: i64,
        /// The batch that was bought at once.
        prepayment_id: String,
        /// The number in the batch, from 1.
        ordinal: i64,
        /// The campaign in which it was bought; null = in none.
        campaign: Option<String>,
        /// The kind of item; null for a credit.
        item_kind: Option<String>,
        /// The item's name; null for a credit.
        item_name: Option<String>,
        /// The venue at which it is valid; null if there are several.
        venue_id: Option<String>,
        /// The code of ISO 4217.
        currency: String,
        /// What was paid, in minor units.
        paid_minor: i64,
        /// What was used, without what was taken back, in minor units.
        used_minor: i64,
        /// What is left, in minor units.
        remaining_minor: i64,
        /// What went to the fund, an organisation, the donor or back when it ended, in minor units.
        ended_minor: i64,
        /// Old values less new ones when it moved to other venues: what the fund got, in minor
        /// units; negative if the fund paid.
        rehomed_to_fund_minor: i64,
        /// How often it moved to another venue.
        rehomings: i64,
        /// `waiting`, `used`, `expired`, `refunded` or `voided`.
        stage: String,
        /// Where the value of an expired voucher went: `fund`, `organisation` or `donor`; null
        /// unless it expired.
        expired_to: Option<String>,
        /// When it was prepaid, in microseconds.
        prepaid_at: i64,
        /// The last day printed on it.
        expires_on: Option<String>,
        /// The instant from which it is expired, in microseconds.
        expires_at: Option<i64>,
        /// The month of its latest use that stands, as `2026-11`; null while there is none.
        used_month: Option<String>,
        /// How many of its uses by code stand.
        used_by_code: i64,
        /// The sheet of its latest code; null = none, or a code without a sheet.
        issued_sheet_id: Option<String>,
        /// The sheet of the code by which it was used; null while it is not, or without a sheet.
        used_sheet_id: Option<String>,
        /// Where it can be used.
        valid_at: Json<ValidAt>,
        /// What happened, in order.
        moments: Json<Vec<Moment>>,
        /// The acts of its life, for receipts.
        acts: Json<Vec<Receipt>>,
    }
}

row! {
    /// How many codes of a prepayment or of a sheet were used.
    pub struct Batch in "donor_impact_batch" indexes [] {
        /// `prepayment` or `sheet` and its id, with `|` between.
        key: String,
        /// Vouchers of it that were used by code, without those of which every use was taken back.
        used_by_code: i64,
    }
}

row! {
    /// The public name of a venue, an organisation or a fund.
    pub struct PublicName in "donor_impact_name" indexes [] {
        /// Its id.
        key: String,
        /// Its name.
        name: String,
    }
}

row! {
    /// What a network counts days by.
    pub struct Network in "donor_impact_network" indexes [] {
        /// The network's slug.
        key: String,
        /// Its time zone, as in the IANA data.
        timezone: String,
    }
}

/// An act, as a receipt names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Receipt {
    /// The place in the log.
    pub position: i64,
    /// The event's id.
    pub event_id: String,
}

/// The fold of this read model.
pub struct DonorImpact;

impl Fold for DonorImpact {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![Life::TABLE, Batch::TABLE, PublicName::TABLE, Network::TABLE]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Voucher(event) => return voucher(act, event, rows),
            Event::Network(event) => network(act, event, rows),
            Event::Venue(event) => venue(act, event, rows),
            Event::Organisation(event) => organisation(act, event, rows),
            Event::Fund(event) => fund(act, event, rows),
            Event::Access(_)
            | Event::District(_)
            | Event::Donor(_)
            | Event::HelpRequest(_)
            | Event::Member(_)
            | Event::Place(_)
            | Event::Service(_)
            | Event::Subject(_)
            | Event::Task(_) => {}
        }
        Ok(())
    }
}

fn voucher(act: &Act, event: &VoucherEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    if let VoucherEvent::Prepaid(prepaid) = event {
        let context = life::Context::of(act, event, rows)?;
        rows.put(Life::begin(id, act, prepaid, context));
        return Ok(());
    }
    let Some(mut life) = rows.get::<Life>(&id)?.cloned() else {
        return Err(Stop::Broken(format!("voucher {id} was never prepaid")));
    };
    let context = life::Context::of(act, event, rows)?;
    let counted_before = life.counted_in();
    life.go_on(act, event, context);
    let counted_after = life.counted_in();
    if counted_before != counted_after {
        for (batches, by) in [(counted_before, -1), (counted_after, 1)] {
            for batch in batches {
                count(batch, by, rows)?;
            }
        }
    }
    rows.put(life);
    Ok(())
}

fn count(batch: String, by: i64, rows: &mut Rows) -> Result<(), Stop> {
    let key = batch.clone();
    let new = || Batch {
        key: batch,
        used_by_code: 0,
    };
    rows.upsert::<Batch>(&key, new, |batch| batch.used_by_code += by)
}

fn network(act: &Act, event: &NetworkEvent, rows: &mut Rows) {
    match event {
        NetworkEvent::Founded(founded) => rows.put(Network {
            key: act.network.clone(),
            timezone: founded.timezone.name().to_owned(),
        }),
        NetworkEvent::PolicySet(_) => {}
    }
}

fn venue(act: &Act, event: &VenueEvent, rows: &mut Rows) {
    match event {
        VenueEvent::Admitted(admitted) => call(act, admitted.name.to_string(), rows),
        VenueEvent::HoursSet(_)
        | VenueEvent::ClosureAnnounced(_)
        | VenueEvent::ClosureCancelled(_)
        | VenueEvent::Confirmed(_)
        | VenueEvent::ItemListed(_)
        | VenueEvent::ItemRepriced(_)
        | VenueEvent::ItemDelisted(_)
        | VenueEvent::TurnedAway(_)
        | VenueEvent::ItemGiven(_)
        | VenueEvent::Suspended(_)
        | VenueEvent::Resumed(_)
        | VenueEvent::Left(_)
        | VenueEvent::VouchersDisposed(_) => {}
    }
}

fn organisation(act: &Act, event: &OrganisationEvent, rows: &mut Rows) {
    match event {
        OrganisationEvent::Joined(joined) => call(act, joined.name.to_string(), rows),
        OrganisationEvent::Left(_) => {}
    }
}

fn fund(act: &Act, event: &FundEvent, rows: &mut Rows) {
    match event {
        FundEvent::Opened(opened) => call(act, opened.name.to_string(), rows),
        FundEvent::Closed(_) => {}
    }
}

fn call(act: &Act, name: String, rows: &mut Rows) {
    let key = act.aggregate_id.to_string();
    rows.put(PublicName { key, name });
}
