//! Which acts were there? An index of the log for whoever audits it: lean, without any payload.
//!
//! What it finds is read from the log itself. An auditor of one fund finds what concerns that fund:
//! the acts of its vouchers, and its own.

pub mod query;

use domain::event::{Act, Event};
use domain::voucher::VoucherEvent;

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Row as _, Table};
use crate::time::micros;

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "event_index",
    version: 1,
};

row! {
    /// One event.
    pub struct Indexed in "event_index_event" indexes [
        (event_id), (stream, key), (network, actor, key), (network, act, key),
        (network, fund_id, key), (correlation, key)
    ] {
        /// The network and the position in 19 digits, with `|` between.
        key: String,
        /// The network's slug.
        network: String,
        /// Where in the log.
        position: i64,
        /// Its id.
        event_id: String,
        /// The aggregate's id.
        stream: String,
        /// The number in its stream.
        sequence: i64,
        /// `aggregate.act`.
        act: String,
        /// Who acted.
        actor: String,
        /// In which role.
        role: String,
        /// When it happened, in microseconds.
        occurred_at: i64,
        /// When it was recorded, in microseconds.
        recorded_at: i64,
        /// What belongs together across commands.
        correlation: String,
        /// The fund that it concerns; null = none.
        fund_id: Option<String>,
    }
}

row! {
    /// An event that names another one: as its cause, or as what it corrects.
    pub struct Link in "event_index_link" indexes [] {
        /// The event that is named, `caused` or `corrected`, and the position, with `|` between.
        key: String,
        /// The event that names it.
        event_id: String,
    }
}

row! {
    /// A voucher's fund.
    pub struct Carried in "event_index_voucher" indexes [] {
        /// The voucher.
        key: String,
        /// The fund that carries it.
        fund_id: String,
    }
}

/// The fold of this read model.
pub struct EventIndex;

impl Fold for EventIndex {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![Indexed::TABLE, Link::TABLE, Carried::TABLE]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        let fund_id = fund(act, rows)?;
        let event_id = act.event_id.to_string();
        let named = [
            (&act.metadata.causation, "caused"),
            (&act.metadata.corrects, "corrected"),
        ];
        for (other, how) in named {
            if let Some(other) = other {
                rows.put(Link {
                    key: format!("{other}|{how}|{:019}", act.position),
                    event_id: event_id.clone(),
                });
            }
        }
        rows.put(Indexed {
            key: key(&act.network, act.position),
            network: act.network.clone(),
            position: act.position,
            event_id,
            stream: act.aggregate_id.to_string(),
            sequence: act.sequence,
            act: act.event.name(),
            actor: act.metadata.actor.clone(),
            role: act.metadata.role.to_string(),
            occurred_at: micros(act.occurred_at),
            recorded_at: micros(act.recorded_at),
            correlation: act.metadata.correlation.clone(),
            fund_id,
        });
        Ok(())
    }
}

fn key(network: &str, position: i64) -> String {
    format!("{network}|{position:019}")
}

/// The fund that an act concerns.
fn fund(act: &Act, rows: &mut Rows) -> Result<Option<String>, Stop> {
    let id = act.aggregate_id.to_string();
    match &act.event {
        Event::Fund(_) => Ok(Some(id)),
        Event::Voucher(VoucherEvent::Prepaid(prepaid)) => {
            let fund_id = prepaid.fund_id.to_string();
            rows.put(Carried {
                key: id,
                fund_id: fund_id.clone(),
            });
            Ok(Some(fund_id))
        }
        Event::Voucher(_) => Ok(rows.get::<Carried>(&id)?.map(|row| row.fund_id.clone())),
        Event::Access(_)
        | Event::District(_)
        | Event::Donor(_)
        | Event::HelpRequest(_)
        | Event::Member(_)
        | Event::Network(_)
        | Event::Organisation(_)
        | Event::Place(_)
        | Event::Service(_)
        | Event::Subject(_)
        | Event::Task(_)
        | Event::Venue(_) => Ok(None),
    }
}
