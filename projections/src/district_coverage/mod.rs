//! What does each district have, what does it lack, and who was turned away or still waits?
//!
//! Only facts are stored. Hours of a week, what is paused or closed now, and every rate follow from
//! them when they are read.

mod compute;
mod fold;
pub mod geojson;
pub mod query;
pub mod week;

pub use fold::DistrictCoverage;

use domain::geography::Boundary;
use domain::network::Initiative;
use domain::venue::announce_closure::ClosureAnnounced;

use crate::fold::Model;
use crate::table::Json;

/// The name and the version of this read model.
pub const MODEL: Model = Model {
    name: "district_coverage",
    version: 5,
};

voucher_tables!(
    Vouchers: "district_coverage_slip",
    "district_coverage_waiting",
    "district_coverage_board"
);

row! {
    /// A network's clock, country and policies.
    pub struct Network in "district_coverage_network" indexes [] {
        /// The slug.
        key: String,
        /// As founded, with its policies.
        initiative: Json<Initiative>,
    }
}

row! {
    /// A district as drawn last.
    pub struct District in "district_coverage_district" indexes [(network, code)] {
        /// The district's id.
        key: String,
        /// The network's slug.
        network: String,
        /// Its official code.
        code: String,
        /// Its public name.
        name: String,
        /// How many people live there.
        population: i64,
        /// Its boundary.
        boundary: Json<Boundary>,
    }
}

row! {
    /// A place.
    pub struct Place in "district_coverage_place" indexes [(network, district_code)] {
        /// The place's id.
        key: String,
        /// The network's slug.
        network: String,
        /// The official code of its district.
        district_code: String,
        /// 1 = closed for good.
        closed: i64,
    }
}

row! {
    /// A venue.
    pub struct Venue in "district_coverage_venue" indexes [(place_id)] {
        /// The venue's id.
        key: String,
        /// Where it is.
        place_id: String,
        /// When it is usually open; null = nobody said.
        hours: Option<String>,
        /// The announced closures that were not cancelled, newest last.
        closures: Json<Vec<ClosureAnnounced>>,
        /// From when it is suspended, in microseconds; null = it is not.
        suspended_from: Option<i64>,
        /// From when it no longer takes part, in microseconds; null = it does.
        left_from: Option<i64>,
    }
}

row! {
    /// A free service that was not withdrawn.
    pub struct Service in "district_coverage_service" indexes [(place_id)] {
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
        /// When it is there; null = whenever its venue is open.
        hours: Option<String>,
        /// 1 = it is not there for a while.
        paused: i64,
        /// When it is there again, in microseconds; null = until it is resumed.
        paused_until: Option<i64>,
    }
}

row! {
    /// An organisation.
    pub struct Organisation in "district_coverage_organisation" indexes [] {
        /// Its id.
        key: String,
        /// 1 = it no longer takes part.
        gone: i64,
    }
}

row! {
    /// People whom one venue turned away for one reason.
    pub struct TurnedAway in "district_coverage_turned_away" indexes [(venue_id)] {
        /// The venue's id and the reason, with `|` between.
        key: String,
        /// The venue.
        venue_id: String,
        /// Why.
        reason: String,
        /// How many.
        count: i64,
    }
}

row! {
    /// A request for help, without anything that is sealed.
    pub struct HelpRequest in "district_coverage_request" indexes [
        (network, district_code, fulfilled_at)
    ] {
        /// The request's id.
        key: String,
        /// The network's slug.
        network: String,
        /// The official code of the district.
        district_code: String,
        /// 1 = it did not end, whether somebody has taken it on or not.
        wanted: i64,
        /// 1 = it was closed because no help was found.
        unmet: i64,
        /// When it is no longer offered, in microseconds.
        until: i64,
        /// When it was requested, in microseconds.
        requested_at: i64,
        /// When help was given, in microseconds; null = not or not yet.
        fulfilled_at: Option<i64>,
        /// When it was recorded, in microseconds: the public learns of it the day after.
        known_from: i64,
        /// When its end was recorded, in microseconds; null = it did not end.
        known_until: Option<i64>,
    }
}
