//! What waits on the boards of the venues, and what anybody may have anywhere?

pub mod query;

use domain::event::{Act, Event};
use domain::venue::VenueEvent;
use domain::venue::list_item::ItemListed;

use crate::fold::{Fold, Model, Stop};
use crate::rows::Rows;
use crate::table::{Row as _, Table};
use crate::time::micros;
use crate::waiting::{self, Spot};

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "voucher_board",
    version: 4,
};

voucher_tables!(
    Vouchers: "voucher_board_slip",
    "voucher_board_waiting",
    "voucher_board_board"
);

row! {
    /// A venue that has a board.
    pub struct Venue in "voucher_board_venue" indexes [(network, name, key)] {
        /// The venue's id.
        key: String,
        /// The network's slug.
        network: String,
        /// Its public name.
        name: String,
        /// From when it is suspended, in microseconds; null = it is not.
        suspended_from: Option<i64>,
        /// From when it no longer takes part, in microseconds; null = it does.
        left_from: Option<i64>,
    }
}

row! {
    /// An item as the venue sells it.
    pub struct Item in "voucher_board_item" indexes [] {
        /// The venue's and the item's id, with `|` between.
        key: String,
        /// Its name.
        name: String,
        /// Its price now, in minor units.
        price_minor: i64,
        /// 1 = nobody prepays it any more.
        delisted: i64,
    }
}

/// The fold of this read model.
pub struct VoucherBoard;

impl Fold for VoucherBoard {
    fn model(&self) -> Model {
        MODEL
    }

    fn tables(&self) -> Vec<Table> {
        vec![
            SlipOf::TABLE,
            Waiting::TABLE,
            Board::TABLE,
            Venue::TABLE,
            Item::TABLE,
        ]
    }

    fn apply(&self, act: &Act, rows: &mut Rows) -> Result<(), Stop> {
        match &act.event {
            Event::Venue(event) => venue(act, event, rows),
            Event::Voucher(event) => waiting::follow::<Vouchers>(act, event, rows),
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
            | Event::Task(_) => Ok(()),
        }
    }
}

fn venue(act: &Act, event: &VenueEvent, rows: &mut Rows) -> Result<(), Stop> {
    let id = act.aggregate_id.to_string();
    match event {
        VenueEvent::Admitted(admitted) => rows.put(Venue {
            key: id,
            network: act.network.clone(),
            name: admitted.name.to_string(),
            suspended_from: None,
            left_from: None,
        }),
        VenueEvent::ItemListed(listed) => list(act, &id, listed, rows)?,
        VenueEvent::ItemRepriced(repriced) => {
            rows.change::<Item>(&format!("{id}|{}", repriced.item_id), |item| {
                item.price_minor = repriced.price_minor.get();
            })?;
        }
        VenueEvent::ItemDelisted(delisted) => {
            let key = format!("{id}|{}", delisted.item_id);
            rows.change::<Item>(&key, |item| item.delisted = 1)?;
        }
        VenueEvent::Suspended(suspended) => {
            let from = Some(micros(suspended.effective_at));
            rows.change::<Venue>(&id, |venue| venue.suspended_from = from)?;
        }
        VenueEvent::Resumed(_) => {
            rows.change::<Venue>(&id, |venue| venue.suspended_from = None)?;
        }
        VenueEvent::Left(left) => {
            let from = Some(micros(left.effective_at));
            rows.change::<Venue>(&id, |venue| venue.left_from = from)?;
        }
        VenueEvent::HoursSet(_)
        | VenueEvent::ClosureAnnounced(_)
        | VenueEvent::ClosureCancelled(_)
        | VenueEvent::Confirmed(_)
        | VenueEvent::TurnedAway(_)
        | VenueEvent::ItemGiven(_)
        | VenueEvent::VouchersDisposed(_) => {}
    }
    Ok(())
}

fn list(act: &Act, venue_id: &str, listed: &ItemListed, rows: &mut Rows) -> Result<(), Stop> {
    let item_id = listed.item_id.to_string();
    rows.put(Item {
        key: format!("{venue_id}|{item_id}"),
        name: listed.name.to_string(),
        price_minor: listed.price_minor.get(),
        delisted: 0,
    });
    waiting::open::<Vouchers>(
        Spot::of_item(venue_id.to_owned(), item_id, listed.kind),
        act,
        rows,
    )
}
