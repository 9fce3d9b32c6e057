//! `sospeso audit`: the history as anyone can check it.

mod verify;

use clap::{Args, Subcommand};

use super::Common;

pub use verify::WrongHistory;

const EXAMPLE: &str = "Examples:
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
    Verify(verify::Verify),
}

impl Audit {
    /// Does what was asked.
    ///
    /// # Errors
    /// If a database is away, or what is checked does not hold.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        match self.what {
            What::Verify(verify) => verify.run(common).await,
        }
    }
}
