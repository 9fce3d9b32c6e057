//! `sospeso audit`: the history as anyone can check it.

mod check;
mod conserve;
mod diff;
mod export;
mod lines;
mod otherwise;
mod past;
mod replay;
mod thinned;
mod verify;

use clap::{Args, Subcommand};

use super::Common;

/// A check was done, and what it found was said already, to programs too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSound {
    /// The history is wrong.
    #[error("the log is not what was signed")]
    Wrong,
    /// Nothing is wrong with it, but nobody vouches for it.
    #[error("no checkpoint vouches for the log")]
    Unvouched,
}

impl NotSound {
    /// The exit code; what could not be done is 1.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Wrong => 3,
            Self::Unvouched => 4,
        }
    }
}

const EXAMPLE: &str = "Examples:
  sospeso audit conserve
  sospeso audit replay --view ledger --as-of 1200
  sospeso audit diff 2025-12-31T23:00:00Z 2026-12-31T23:00:00Z --view campaign_totals
  sospeso audit export --out bundle
  sospeso audit verify --checkpoint kept.checkpoint --key sospeso/…+…+…";

/// Look back into the history, and check that it adds up.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Audit {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    Check(check::Check),
    Conserve(conserve::Conserve),
    Diff(diff::Diff),
    Export(export::Export),
    Replay(replay::Replay),
    Verify(verify::Verify),
}

impl Audit {
    /// Does what was asked.
    ///
    /// # Errors
    /// If a database is away, or what is checked does not hold.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Check(check) => check.run(common).await,
            What::Conserve(conserve) => conserve.run(common).await,
            What::Diff(diff) => diff.run(common).await,
            What::Export(export) => export.run(common).await,
            What::Replay(replay) => replay.run(common).await,
            What::Verify(verify) => verify.run(common).await,
        }
    }
}
