//! Where can I go now, what is free there, and what waits on the board?
//!
//! A host is a venue, or a place at which an organisation offers something. Nothing that depends on
//! the clock is stored: whether a host is open, stale or suspended is said when it is read.

mod candidates;
mod fold;
mod load;
pub mod query;
mod tell;

pub use fold::VenueAvailability;

use domain::network::Initiative;
use domain::venue::announce_closure::ClosureAnnounced;

use crate::fold::Model;
use crate::table::Json;

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "venue_availability",
    version: 4,
};

voucher_tables!(
    Vouchers: "venue_availability_slip",
    "venue_availability_waiting",
    "venue_availability_board"
);

row! {
    /// A network's clock, country and policies.
    pub struct Network in "venue_availability_network" indexes [] {
        /// The slug.
        key: String,
        /// As founded, with its policies.
        initiative: Json<Initiative>,
    }
}

row! {
    /// A venue, or a place at which an organisation offers something.
    pub struct Host in "venue_availability_host" indexes [(network, sort, key), (place_id)] {
        /// The venue's id, or the place's.
        key: String,
        /// The network's slug.
        network: String,
        /// The venue; null = a place.
        venue_id: Option<String>,
        /// Where it is.
        place_id: String,
        /// Its public name; empty while nobody said what the place is called.
        name: String,
        /// The name in small letters without accents.
        sort: String,
        /// What house it is; null for a place.
        kind: Option<String>,
        /// When it is usually open; null = nobody said.
        opening_hours: Option<String>,
        /// The announced closures that were not cancelled.
        closures: Json<Vec<ClosureAnnounced>>,
        /// From when it is suspended, in microseconds; null = it is not.
        suspended_from: Option<i64>,
        /// From when it no longer takes part, in microseconds; null = it does.
        left_from: Option<i64>,
        /// When it was last said or shown that all this is true, in microseconds.
        fresh_at: i64,
    }
}

row! {
    /// A place.
    pub struct Place in "venue_availability_place" indexes [
        (network, latitude, longitude), (network, district_code)
    ] {
        /// The place's id.
        key: String,
        /// The network's slug.
        network: String,
        /// What it is.
        kind: String,
        /// Its public name.
        name: String,
        /// Its address in one line.
        address: String,
        /// Name and address in small letters without accents.
        search: String,
        /// The official code of its district.
        district_code: String,
        /// Degrees north in millionths.
        latitude: i64,
        /// Degrees east in millionths.
        longitude: i64,
        /// Whether one gets in with a wheelchair.
        wheelchair: String,
        /// 1 = closed for good.
        closed: i64,
    }
}

row! {
    /// A free service that was not withdrawn.
    pub struct Service in "venue_availability_service" indexes [(place_id)] {
        /// The service's id.
        key: String,
        /// Where.
        place_id: String,
        /// The venue that provides it.
        venue_id: Option<String>,
        /// The organisation that provides it.
        organisation_id: Option<String>,
        /// What.
        kind: String,
        /// Its name, where the kind does not say enough.
        name: Option<String>,
        /// When it is there; null = whenever its venue is open.
        hours: Option<String>,
        /// For how many people it has room at a time.
        capacity: Option<i64>,
        /// 1 = it is not there for a while.
        paused: i64,
        /// When it is there again, in microseconds; null = until it is resumed.
        paused_until: Option<i64>,
    }
}

row! {
    /// An organisation.
    pub struct Organisation in "venue_availability_organisation" indexes [] {
        /// Its id.
        key: String,
        /// Its public name.
        name: String,
        /// 1 = it no longer takes part.
        gone: i64,
    }
}

row! {
    /// An item that a venue sells.
    pub struct Item in "venue_availability_item" indexes [(venue_id)] {
        /// The key of its board.
        key: String,
        /// The venue.
        venue_id: String,
        /// The item.
        item_id: String,
        /// Its kind.
        kind: String,
        /// Its name.
        name: String,
        /// Its price now, in minor units.
        price_minor: i64,
        /// The most that the venue hands out in a day.
        daily_limit: Option<i64>,
        /// 1 = nobody prepays it any more.
        delisted: i64,
    }
}
