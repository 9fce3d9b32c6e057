//! `sospeso audit verify` of a long log, as its own process, and proofs of single events.

use std::time::{Duration, Instant};

use commands::evidence::proofs;
use commands::evidence::sealer::Step;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::filled::Filled;
use crate::load::count;
use crate::options::Options;
use crate::process;
use crate::table::{Aim, Line, percentile};

/// How many events are proven.
const PROOFS: usize = 2_000;

/// One engine: verifying, its memory, and proofs.
pub async fn run(options: &Options, filled: &Filled) -> Vec<Line> {
    let engines = filled.engines().await;
    let start = Instant::now();
    while engines.sealer.step().await.expect("a step") == Step::More {}
    let sealed = count(filled.events) / start.elapsed().as_secs_f64();
    let (mut rates, mut extra) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let idle = process::run(filled.command(&["audit", "--help"]));
        let verified = process::run(filled.command(&["audit", "verify"]));
        assert!(verified.success, "a log that nobody touched is sound");
        rates.push(count(filled.events) / verified.seconds);
        extra.push((verified.peak_mb - idle.peak_mb).max(0.0));
    }
    let what = format!("{}, {} events", filled.engine, filled.events);
    let line = |bench, unit, ours, aim, notes| Line {
        bench,
        what: what.clone(),
        unit,
        ours,
        against: Vec::new(),
        aim: Some(aim),
        notes,
    };
    vec![
        line(
            "audit verify",
            "events/s",
            rates,
            Aim::AtLeast(300_000.0),
            format!("as a process, start included; sealed at {sealed:.0} events/s"),
        ),
        line(
            "audit memory",
            "MB more than the program itself",
            extra,
            Aim::AtMost(64.0),
            String::new(),
        ),
        prove(filled, &*engines.evidence.seals).await,
    ]
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
