//! `sospeso audit verify` and `audit replay` of a long log, as processes of their own, and proofs of
//! single events.

use std::time::{Duration, Instant};

use commands::evidence::proofs;
use commands::evidence::sealer::Step;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::filled::Filled;
use crate::load::count;
use crate::options::Options;
use crate::process::{self, Ended};
use crate::table::{Aim, Line, median, number, percentile};

/// How many events are proven.
const PROOFS: usize = 2_000;
/// The read model that is replayed: the largest, with a row for every voucher.
const REPLAYED: &str = "donor_impact";

/// One engine: verifying, its memory, and proofs.
pub async fn run(options: &Options, filled: &Filled) -> Vec<Line> {
    let engines = filled.engines().await;
    let start = Instant::now();
    while engines.sealer.step().await.expect("a step") == Step::More {}
    let sealed = count(filled.events) / start.elapsed().as_secs_f64();
    let (mut rates, mut extra) = (Vec::new(), Vec::new());
    let (mut replays, mut peaks, mut of_a_tenth) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let idle = process::run(filled.command(&["audit", "--help"]));
        let verified = process::run(filled.command(&["audit", "verify"]));
        assert!(verified.success, "a log that nobody touched is sound");
        rates.push(count(filled.events) / verified.seconds);
        extra.push((verified.peak_mb - idle.peak_mb).max(0.0));
        of_a_tenth.push(replay(filled, filled.events / 10).peak_mb - idle.peak_mb);
        let replayed = replay(filled, filled.events);
        replays.push(count(filled.events) / replayed.seconds);
        peaks.push(replayed.peak_mb - idle.peak_mb);
    }
    let what = format!("{}, {} events", filled.engine, filled.events);
    let line = |bench, unit, ours, aim, notes| Line {
        bench,
        what: what.clone(),
        unit,
        ours,
        against: Vec::new(),
        aim,
        notes,
    };
    vec![
        line(
            "audit verify",
            "events/s",
            rates,
            Some(Aim::AtLeast(300_000.0)),
            format!("as a process, start included; sealed at {sealed:.0} events/s"),
        ),
        line(
            "audit memory",
            "MB more than the program itself",
            extra,
            Some(Aim::AtMost(64.0)),
            String::new(),
        ),
        line(
            "audit replay",
            "events/s",
            replays,
            None,
            format!("{REPLAYED}, as a process, start and every row printed included"),
        ),
        line(
            "replay memory",
            "MB more than the program itself",
            peaks,
            None,
            format!("of the first tenth: {}", number(median(&of_a_tenth))),
        ),
        prove(filled, &*engines.evidence.seals).await,
    ]
}

fn replay(filled: &Filled, as_of: usize) -> Ended {
    let as_of = as_of.to_string();
    let verb = ["audit", "replay", "--view", REPLAYED, "--as-of", &as_of];
    let replayed = process::run(filled.command(&verb));
    assert!(replayed.success, "a read model as it stood");
    replayed
}

async fn prove(filled: &Filled, seals: &dyn commands::evidence::ports::Seals) -> Line {
    let size = u64::try_from(filled.events).unwrap_or(u64::MAX);
    let mut chance = StdRng::seed_from_u64(1);
    let (mut took, start) = (Vec::new(), Instant::now());
    for _ in 0..PROOFS {
        let begun = Instant::now();
        let proof = proofs::inclusion(seals, chance.random_range(0..size), size).await;
        proof.expect("a proof");
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
        if start.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
    Line {
        bench: "proof",
        what: format!("{}, of {size} events, one after another", filled.engine),
        unit: "inclusion proofs/s",
        ours: vec![count(took.len()) / start.elapsed().as_secs_f64()],
        against: Vec::new(),
        aim: None,
        notes: format!("p99 {:.2} ms", percentile(&took, 0.99)),
    }
}
