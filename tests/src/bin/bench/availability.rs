//! Where one can go: the question that people ask most, in a network with very many venues.

use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use domain::service::ServiceKind;
use domain::venue::ItemKind;
use projections::answer::Seen;
use projections::fold::Fold;
use projections::geography::Point;
use projections::store::ReadStore;
use projections::venue_availability::VenueAvailability;
use projections::venue_availability::query::{Filter, Near, venue_availability};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tests::views::rebuilt;

use crate::filled::Filled;
use crate::options::Options;
use crate::table::{Aim, Line, percentile};

/// What is asked, and open now but for the last.
const KINDS: [&str; 4] = [
    "water nearby",
    "a hot drink that waits nearby",
    "a district",
    "whatever is near",
];
/// How many questions a round has.
const QUESTIONS: u32 = 200;

/// One engine, whose history has that many venues.
pub async fn run(options: &Options, filled: &Filled, venues: usize) -> Line {
    let engines = filled.engines().await;
    let folds: Vec<Arc<dyn Fold>> = vec![Arc::new(VenueAvailability)];
    rebuilt(&folds, &engines.reader, &engines.views).await;
    let last = engines
        .reader
        .read(engines.reader.head().await.expect("a head") - 1, 1)
        .await;
    let now = last.expect("the log")[0].record.recorded_at + TimeDelta::hours(1);
    let mut chance = StdRng::seed_from_u64(2);
    let (mut p99s, mut all) = (Vec::new(), Vec::new());
    let mut of_kinds = KINDS.map(|_| Vec::new());
    // The first finds nothing warm; it is told, and not counted.
    let (_, cold) = ask(&*engines.views, now, &mut chance).await;
    for _ in 0..options.rounds {
        let mut took = Vec::new();
        for _ in 0..QUESTIONS {
            let (kind, one) = ask(&*engines.views, now, &mut chance).await;
            took.push(one);
            of_kinds[kind].push(one);
        }
        p99s.push(percentile(&took, 0.99));
        all.extend(took);
    }
    let of_kinds = KINDS.iter().zip(&of_kinds);
    let of_kinds: Vec<_> = of_kinds
        .map(|(kind, took)| format!("{kind} {:.1}", percentile(took, 0.99)))
        .collect();
    Line {
        bench: "availability",
        what: format!("{}, {venues} venues, filters and distance", filled.engine),
        unit: "ms, p99",
        ours: p99s,
        against: Vec::new(),
        aim: Some(Aim::AtMost(10.0)),
        notes: format!(
            "p50 {:.2} ms, the very first {cold:.0} ms; p99 of {}",
            percentile(&all, 0.5),
            of_kinds.join(", ")
        ),
    }
}

/// One question of a mix; its kind, and how many milliseconds its answer took.
async fn ask(views: &dyn ReadStore, now: DateTime<Utc>, chance: &mut StdRng) -> (usize, f64) {
    let near = Near {
        point: Point {
            latitude: 50_080_000 + chance.random_range(-60_000..60_000),
            longitude: 14_430_000 + chance.random_range(-90_000..90_000),
        },
        radius_m: chance.random_range(500..5_000),
    };
    let pick = chance.random_range(0..5);
    let filter = Filter {
        network: "praha".parse().expect("a slug"),
        service_kind: (pick == 0).then_some(ServiceKind::Water),
        item_kind: (pick == 1).then_some(ItemKind::HotDrink),
        on_board: pick == 1,
        district_code: (pick == 2).then(|| "500003".parse().expect("a code")),
        open_at: (pick < 3).then_some(now),
        near: (pick != 2).then_some(near),
        text: None,
        limit: 20,
        cursor: None,
    };
    let start = Instant::now();
    let answer = venue_availability(views, &filter, Seen::default(), now).await;
    answer.expect("an answer");
    let took = start.elapsed().as_secs_f64() * 1000.0;
    (pick.min(KINDS.len() - 1), took)
}
