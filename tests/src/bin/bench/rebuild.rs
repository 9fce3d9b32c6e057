//! The three read models of the card built anew, beside reading and decoding the same log.

use std::sync::Arc;
use std::time::Instant;

use projections::district_coverage::DistrictCoverage;
use projections::donor_impact::DonorImpact;
use projections::fold::Fold;
use projections::follower::{PAGE, Page};
use projections::log::Log;
use projections::store::ReadStore;
use projections::venue_availability::VenueAvailability;
use tests::views::rebuilt;

use crate::filled::Filled;
use crate::load::count;
use crate::options::Options;
use crate::table::{Line, Peer};

/// One engine.
pub async fn run(options: &Options, filled: &Filled) -> Line {
    let engines = filled.engines().await;
    let (log, views) = (&engines.reader, &engines.views);
    let (mut ours, mut reading) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let start = Instant::now();
        read(&**log).await;
        reading.push(count(filled.events) / start.elapsed().as_secs_f64());
        ours.push(count(filled.events) / build(&card(), log, views).await);
    }
    Line {
        bench: "rebuild",
        what: format!(
            "{}, {} events, three read models",
            filled.engine, filled.events
        ),
        unit: "events/s",
        ours,
        against: vec![Peer::new("reading and decoding the log", reading).at_least(0.5)],
        aim: None,
        notes: String::new(),
    }
}

/// The read models of the card.
pub fn card() -> Vec<Arc<dyn Fold>> {
    vec![
        Arc::new(VenueAvailability),
        Arc::new(DonorImpact),
        Arc::new(DistrictCoverage),
    ]
}

/// Builds these and says how long it took, in seconds.
pub async fn build(folds: &[Arc<dyn Fold>], log: &Arc<dyn Log>, views: &Arc<dyn ReadStore>) -> f64 {
    let start = Instant::now();
    rebuilt(folds, log, views).await;
    start.elapsed().as_secs_f64()
}

async fn read(log: &dyn Log) {
    let mut after = 0;
    loop {
        let page = Page::of(log.read(after, PAGE).await.expect("a page"));
        assert_eq!(page.unreadable, None, "every event can be read");
        let Some(last) = page.recorded.last() else {
            return;
        };
        after = last.position;
    }
}
