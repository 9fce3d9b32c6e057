//! What is measured, and how long.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};

/// Measures ours and others in turn, on servers that it starts itself.
///
/// Example: `cargo run --release -p tests --bin bench -- append --clients 1,64,256`
#[derive(Parser)]
#[command(name = "bench")]
pub struct Options {
    /// What to measure.
    #[arg(value_enum, default_values_t = [Bench::All])]
    pub benches: Vec<Bench>,
    /// One JSON line a figure instead of a table.
    #[arg(long)]
    pub json: bool,
    /// How many events a history has.
    #[arg(long, default_value_t = 1_000_000)]
    pub events: usize,
    /// How many clients at once, one line of the table each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 64, 256, 1024])]
    pub clients: Vec<usize>,
    /// For how long each of them is let run in a round.
    #[arg(long, default_value_t = 2.0)]
    pub seconds: f64,
    /// How many venues the network has that is asked where one can go.
    #[arg(long, default_value_t = 10_000)]
    pub venues: usize,
    /// How many rounds.
    #[arg(long, default_value_t = 3)]
    pub rounds: usize,
    /// Where `growth` writes its plot.
    #[arg(long, default_value = "tests/bench-growth.svg")]
    pub plot: PathBuf,
}

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Bench {
    All,
    Append,
    Contention,
    Http,
    Freshness,
    Availability,
    Rebuild,
    Relay,
    Audit,
    Memory,
    /// By its name only: it fills logs of several lengths.
    Growth,
}

impl Options {
    /// Whether this one is wanted.
    pub fn wants(&self, bench: Bench) -> bool {
        self.benches.contains(&bench) || self.benches.contains(&Bench::All)
    }

    /// Whether any of these is wanted.
    pub fn want_any(&self, benches: &[Bench]) -> bool {
        benches.iter().any(|bench| self.wants(*bench))
    }

    /// For how long each is let run.
    pub fn time(&self) -> Duration {
        Duration::from_secs_f64(self.seconds)
    }

    /// How often clients race for vouchers: 100 times in a whole run, fewer in a short one.
    pub fn contests(&self) -> usize {
        (self.events / 100).clamp(2, 100)
    }
}
