//! The same figures on ever longer logs: what stays flat and what grows.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::filled::{Filled, VENUES};
use crate::load::clients;
use crate::options::Options;
use crate::table::{Line, number, percentile};
use crate::town::{Engine, Town};
use crate::{memory, rebuild};

/// Lengths of the log, as far as `--events` goes.
const LENGTHS: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const CLIENTS: usize = 64;

/// What is measured at each length.
struct Measured {
    name: &'static str,
    unit: &'static str,
    figures: Vec<(usize, f64)>,
}

/// Both engines; writes the plot.
pub async fn run(options: &Options, tell: &mut impl FnMut(Line)) {
    let mut plots = Vec::new();
    for engine in Engine::ALL {
        let mut all = [
            ("redeem and prepay, 64 clients", "commands/s"),
            ("the same, p99", "ms"),
            ("rebuild of three read models", "events/s"),
            ("memory, while the other five are built", "MB"),
            ("start", "s"),
            ("memory, idle", "MB"),
        ]
        .map(|(name, unit)| Measured {
            name,
            unit,
            figures: Vec::new(),
        });
        let lengths = LENGTHS.into_iter().filter(|it| *it <= options.events);
        for events in lengths {
            let figures = at(options, engine, events).await;
            for (measured, figure) in all.iter_mut().zip(figures) {
                measured.figures.push((events, figure));
                tell(line(engine, events, measured, figure));
            }
        }
        plots.push((engine, all));
    }
    std::fs::write(&options.plot, svg(&plots)).expect("a place for the plot");
}

fn line(engine: Engine, events: usize, measured: &Measured, figure: f64) -> Line {
    Line {
        bench: "growth",
        what: format!("{engine}, {events} events: {}", measured.name),
        unit: measured.unit,
        ours: vec![figure],
        against: Vec::new(),
        aim: None,
        notes: String::new(),
    }
}

/// In the order of the names above.
async fn at(options: &Options, engine: Engine, events: usize) -> [f64; 6] {
    let filled = Filled::with(engine, events, VENUES).await;
    let engines = filled.engines().await;
    let built = rebuild::build(&rebuild::card(), &engines.reader, &engines.views).await;
    drop(engines);
    let rest = memory::at_rest(&filled);
    let town = Arc::new(Town::beside(filled.engines().await, "brno").await);
    for venue in 0..town.venues.len() {
        town.prepay(venue, 64).await;
    }
    let act = move |client, acted| {
        let town = Arc::clone(&town);
        async move {
            town.act(client, acted).await;
        }
    };
    let ran = clients(CLIENTS, options.time(), act).await;
    let length = crate::load::count(events);
    [
        ran.rate(),
        percentile(&ran.latencies, 0.99),
        length / built,
        rest.building_mb,
        rest.start_seconds,
        rest.idle_mb,
    ]
}

/// A line for every figure, as a multiple of what it is on the shortest log; both axes are powers.
fn svg(plots: &[(Engine, [Measured; 6])]) -> String {
    let colours = [
        "#1b6ca8", "#c0392b", "#27864b", "#5d6d7e", "#8e44ad", "#b9770e",
    ];
    let mut svg = String::from(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 478" font-family="sans-serif" font-size="13">"#,
    );
    for (place, (engine, all)) in (0_i32..).zip(plots) {
        let left = f64::from(place * 450 + 50);
        let _ = write!(
            svg,
            r#"<text x="{left}" y="24" font-weight="bold">{engine}: multiples of the shortest log</text>"#
        );
        for power in -4..=4 {
            let y = height(2_f64.powi(power));
            let _ = write!(
                svg,
                r##"<path d="M{left} {y} h330" stroke="#ddd"/><text x="{}" y="{}" text-anchor="end">× {}</text>"##,
                left - 4.0,
                y + 4.0,
                2_f64.powi(power)
            );
        }
        for ((measured, colour), row) in all.iter().zip(colours).zip(0_i32..) {
            let first = measured.figures.first().map_or(1.0, |(_, figure)| *figure);
            let points = measured.figures.iter().map(|(events, figure)| {
                let right = left + (crate::load::count(*events).log10() - 4.0) * 110.0;
                format!("{right:.1},{:.1}", height(figure / first))
            });
            let points: Vec<_> = points.collect();
            let last = measured.figures.last().map_or(0.0, |(_, figure)| *figure);
            let _ = write!(
                svg,
                r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{left}" y="{}" fill="{colour}">{}: {} to {} {}</text>"#,
                points.join(" "),
                360 + row * 18,
                measured.name,
                number(first),
                number(last),
                measured.unit
            );
        }
        for (power, right) in (4_i32..8).zip(0_i32..) {
            let _ = write!(
                svg,
                r#"<text x="{}" y="336" text-anchor="middle">10^{power}</text>"#,
                left + f64::from(right) * 110.0
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where a multiple lies, from 1/16 below to 16 above.
fn height(multiple: f64) -> f64 {
    let power = multiple.max(1e-6).log2().clamp(-4.0, 4.0);
    180.0 - power * 35.0
}
