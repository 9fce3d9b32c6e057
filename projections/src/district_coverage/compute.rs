//! From facts to numbers: hours of a week, medians and rates, computed when they are read.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::service::ServiceKind;
use domain::venue::announce_closure::{ClosureAnnounced, ClosureReason};
use domain::venue::turn_away::TurnedAwayReason;
use serde::Deserialize;
use strum::VariantArray as _;

use super::query::{
    DistrictReport, FoundDistrict, HelpCoverage, Rates, ServiceCoverage, TurnedAwayCount,
};
use crate::opening::{Calendar, Closure, Span, length, union};
use crate::small::SmallCount;
use crate::table::Json;
use crate::time::instant;

/// The public hears how long help took in steps of so many minutes.
const PUBLIC_MINUTES: i64 = 60;

/// All facts about the districts of one answer.
#[derive(Default)]
pub struct Facts {
    /// Places that are not closed.
    pub places: Vec<Counted>,
    /// Venues that take part.
    pub venues: Vec<Offering>,
    /// Free services.
    pub services: Vec<Offering>,
    /// Vouchers.
    pub boards: Vec<OnBoards>,
    /// Of those that wait, how many are over by the clock.
    pub over: Vec<Counted>,
    /// People turned away.
    pub turned_away: Vec<TurnedAwayFor>,
    /// Requests for help.
    pub requests: Vec<Requests>,
    /// How long fulfilled requests took.
    pub fulfilled: Vec<Took>,
}

/// A number of a district.
#[derive(Deserialize)]
pub struct Counted {
    district_code: String,
    count: i64,
}

/// Venues, or services of one kind, that keep the same hours.
#[derive(Deserialize)]
pub struct Offering {
    district_code: String,
    kind: Option<ServiceKind>,
    hours: Option<String>,
    closures: Option<Json<Vec<ClosureAnnounced>>>,
    suspended_from: Option<i64>,
    left_from: Option<i64>,
    #[serde(default)]
    paused: i64,
    paused_until: Option<i64>,
    count: i64,
}

/// Vouchers of a district.
#[derive(Deserialize)]
pub struct OnBoards {
    district_code: String,
    waiting: i64,
    redeemed: i64,
}

/// People turned away in a district for one reason.
#[derive(Deserialize)]
pub struct TurnedAwayFor {
    district_code: String,
    reason: TurnedAwayReason,
    count: i64,
}

/// Requests for help of a district.
#[derive(Deserialize)]
pub struct Requests {
    district_code: String,
    open: i64,
    unmet: i64,
}

/// How long one fulfilled request took, in microseconds.
#[derive(Deserialize)]
pub struct Took {
    district_code: String,
    took: i64,
}

/// Reads facts for one week and one moment.
pub struct Reader<'a> {
    calendar: Calendar,
    within: Span,
    now: DateTime<Utc>,
    small_count: u32,
    facts: &'a Facts,
    /// Many venues keep the same hours, and reading hours is what takes time.
    known: HashMap<&'a str, Vec<Span>>,
}

impl<'a> Reader<'a> {
    /// A reader of these facts.
    pub fn new(
        calendar: Calendar,
        within: Span,
        now: DateTime<Utc>,
        small_count: u32,
        facts: &'a Facts,
    ) -> Self {
        Self {
            calendar,
            within,
            now,
            small_count,
            facts,
            known: HashMap::new(),
        }
    }

    /// All that is said of a district.
    pub fn report(&mut self, district: FoundDistrict) -> DistrictReport {
        let facts = self.facts;
        let code = district.code;
        let venues: Vec<&Offering> = here(&facts.venues, &code).collect();
        let boards = facts
            .boards
            .iter()
            .find(|boards| boards.district_code == code);
        let turned_away = facts
            .turned_away
            .iter()
            .filter(|row| row.district_code == code);
        let over = count(&facts.over, &code);
        let services = self.services(&code);
        let mut report = DistrictReport {
            name: district.name,
            population: district.population,
            boundary: district.boundary.map(|boundary| boundary.0),
            places: count(&facts.places, &code),
            venues: venues.iter().map(|venues| venues.count).sum(),
            venue_open_minutes: self.open_minutes(&venues),
            missing_services: missing(&services),
            services,
            vouchers_on_board: boards.map_or(0, |boards| boards.waiting) - over,
            vouchers_redeemed: boards.map_or(0, |boards| boards.redeemed),
            turned_away: turned_away
                .map(|row| TurnedAwayCount {
                    reason: row.reason,
                    count: row.count,
                })
                .collect(),
            help_requests: self.help_requests(&code),
            per_10000: None,
            code,
        };
        report.per_10000 = rates(&report);
        report
    }

    fn services(&mut self, code: &str) -> Vec<ServiceCoverage> {
        let facts = self.facts;
        let covered = ServiceKind::VARIANTS.iter().filter_map(|kind| {
            let of_kind = here(&facts.services, code).filter(|of| of.kind == Some(*kind));
            let of_kind: Vec<&Offering> = of_kind.collect();
            (!of_kind.is_empty()).then(|| ServiceCoverage {
                kind: *kind,
                services: of_kind.iter().map(|of| of.count).sum(),
                open_minutes: self.open_minutes(&of_kind),
            })
        });
        covered.collect()
    }

    /// Minutes of the week in which at least one of them is there.
    fn open_minutes(&mut self, offerings: &[&'a Offering]) -> i64 {
        let open = offerings
            .iter()
            .flat_map(|offering| self.open(offering))
            .collect();
        length(&union(open)).num_minutes()
    }

    fn open(&mut self, offering: &'a Offering) -> Vec<Span> {
        let Some(hours) = offering.hours.as_deref() else {
            return Vec::new();
        };
        let (calendar, within) = (&self.calendar, self.within);
        let usual = self
            .known
            .entry(hours)
            .or_insert_with(|| calendar.open_between(hours, &[], within));
        let closures = offering.closures(self.now);
        closures
            .iter()
            .fold(usual.clone(), |open, closure| closure.cut_from(open))
    }

    fn help_requests(&self, code: &str) -> HelpCoverage {
        let requests = self
            .facts
            .requests
            .iter()
            .find(|row| row.district_code == code);
        let took = self
            .facts
            .fulfilled
            .iter()
            .filter(|row| row.district_code == code);
        let took: Vec<i64> = took.map(|row| row.took).collect();
        let is_exact = self.small_count <= 1;
        let count = |count: i64| {
            if is_exact {
                SmallCount::exact(count)
            } else {
                SmallCount::public(count, self.small_count)
            }
        };
        let fulfilled = count(i64::try_from(took.len()).unwrap_or(i64::MAX));
        let is_told = fulfilled.count.is_some();
        let step = if is_exact { 1 } else { PUBLIC_MINUTES };
        HelpCoverage {
            open: count(requests.map_or(0, |requests| requests.open)),
            unmet: count(requests.map_or(0, |requests| requests.unmet)),
            fulfilled,
            median_minutes_to_fulfilment: median(took)
                .filter(|_| is_told)
                .map(|micros| micros / 60_000_000 / step * step),
        }
    }
}

impl Offering {
    /// When it is not there although its hours say so: closures, a pause, a suspension.
    fn closures(&self, now: DateTime<Utc>) -> Vec<Closure> {
        let announced = self.closures.iter().flat_map(|closures| &closures.0);
        let from_on = |from: i64| Closure {
            from: instant(from),
            until: None,
            reason: ClosureReason::Other,
        };
        // A pause began at some time before; it counts from now on, as does the end that it has.
        let pause = (self.paused != 0).then(|| Closure {
            from: now,
            until: self.paused_until.map(instant),
            reason: ClosureReason::Other,
        });
        let ended = self
            .suspended_from
            .into_iter()
            .chain(self.left_from)
            .map(from_on);
        announced
            .map(Closure::from)
            .chain(pause)
            .chain(ended)
            .collect()
    }
}

fn count(counts: &[Counted], code: &str) -> i64 {
    let here = counts.iter().find(|counted| counted.district_code == code);
    here.map_or(0, |counted| counted.count)
}

fn here<'a>(offerings: &'a [Offering], code: &str) -> impl Iterator<Item = &'a Offering> {
    offerings
        .iter()
        .filter(move |offering| offering.district_code == code)
}

fn missing(services: &[ServiceCoverage]) -> Vec<ServiceKind> {
    let is_missing = |kind: &&ServiceKind| {
        **kind != ServiceKind::Other && !services.iter().any(|covered| covered.kind == **kind)
    };
    ServiceKind::VARIANTS
        .iter()
        .filter(is_missing)
        .copied()
        .collect()
}

/// The middle one; of an even number, half way between the two in the middle.
fn median(mut all: Vec<i64>) -> Option<i64> {
    all.sort_unstable();
    let upper = all.get(all.len() / 2).copied()?;
    let lower = all[(all.len() - 1) / 2];
    Some(lower + (upper - lower) / 2)
}

fn rates(report: &DistrictReport) -> Option<Rates> {
    let population = (report.population > 0).then_some(report.population)?;
    let rate = |count: i64| rate(count, population);
    Some(Rates {
        places: rate(report.places),
        venues: rate(report.venues),
        services: rate(report.services.iter().map(|of| of.services).sum()),
        vouchers_redeemed: rate(report.vouchers_redeemed),
        turned_away: rate(report.turned_away.iter().map(|row| row.count).sum()),
        help_requests_open: report.help_requests.open.count.map(rate),
    })
}

/// Per 10,000, to two decimals.
#[expect(
    clippy::cast_precision_loss,
    reason = "a rate is shown to two decimals, and counts have far fewer than 15 digits"
)]
fn rate(count: i64, population: i64) -> f64 {
    (count as f64 * 1e6 / population as f64).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_lies_in_the_middle() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![7]), Some(7));
        assert_eq!(median(vec![9, 1, 5]), Some(5));
        assert_eq!(median(vec![9, 1, 5, 6]), Some(5));
    }

    #[test]
    fn a_rate_is_per_ten_thousand_inhabitants() {
        assert!((rate(17, 1_324_277) - 0.13).abs() < 1e-9);
        assert!((rate(3, 20_000) - 1.5).abs() < 1e-9);
    }
}
