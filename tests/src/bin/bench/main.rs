//! The bench: ours and others side by side, in one run, on private servers.
//!
//! `cargo run --release -p tests --bin bench -- all` prints the table that `tests/bench.md` keeps. What
//! breaks it, it reports by panicking.

mod append;
mod audit;
mod availability;
mod contention;
mod filled;
mod freshness;
mod growth;
mod http;
mod load;
mod memory;
mod options;
mod peers;
mod process;
mod raw_http;
mod rebuild;
mod relay;
mod table;
mod tap;
mod town;

use clap::Parser as _;

use filled::Filled;
use options::{Bench, Options};
use table::Line;
use town::Engine;

/// As in the program, for ours and for others.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many events the network with very many venues has besides.
const BUSY: usize = 20_000;

#[tokio::main]
async fn main() {
    let options = Options::parse();
    let mut lines = Vec::new();
    if options.wants(Bench::Append) {
        append::run(&options, &mut |line| told(&options, &mut lines, line)).await;
    }
    if options.wants(Bench::Contention) {
        for engine in Engine::ALL {
            told(
                &options,
                &mut lines,
                contention::run(&options, engine).await,
            );
        }
    }
    if options.wants(Bench::Http) {
        http::run(&options, &mut |line| told(&options, &mut lines, line)).await;
    }
    if options.wants(Bench::Freshness) {
        for engine in Engine::ALL {
            told(&options, &mut lines, freshness::run(&options, engine).await);
        }
    }
    for engine in Engine::ALL {
        on_a_history(&options, engine, &mut lines).await;
    }
    if options.benches.contains(&Bench::Growth) {
        growth::run(&options, &mut |line| told(&options, &mut lines, line)).await;
    }
    if !options.json {
        println!("{}", table::markdown(&lines));
    }
}

/// What needs a log with a long history in it.
async fn on_a_history(options: &Options, engine: Engine, lines: &mut Vec<Line>) {
    if options.wants(Bench::Availability) {
        let events = options.venues * 7 + BUSY.min(options.events);
        let filled = Filled::with(engine, events, options.venues).await;
        let line = availability::run(options, &filled, options.venues).await;
        told(options, lines, line);
    }
    let wanted = [Bench::Rebuild, Bench::Relay, Bench::Audit, Bench::Memory];
    if !options.want_any(&wanted) {
        return;
    }
    let filled = Filled::with(engine, options.events, filled::VENUES).await;
    if options.wants(Bench::Rebuild) {
        told(options, lines, rebuild::run(options, &filled).await);
    }
    if options.wants(Bench::Relay) {
        told(options, lines, relay::run(options, &filled).await);
    }
    if options.wants(Bench::Audit) {
        for line in audit::run(options, &filled).await {
            told(options, lines, line);
        }
    }
    if options.wants(Bench::Memory) {
        for line in memory::run(options, &filled).await {
            told(options, lines, line);
        }
    }
}

/// Says at once what was measured, because a whole run takes long.
fn told(options: &Options, lines: &mut Vec<Line>, line: Line) {
    if options.json {
        println!("{}", line.json());
    } else {
        eprintln!("{}", line.row());
    }
    lines.push(line);
}
