//! `sospeso project`: what follows from acts, without answering anybody.

use clap::Args;
use projections::progress::Progress;
use serde_json::json;

use super::{Common, set_up};
use crate::jobs::{Jobs, Which};
use crate::serve;

const EXAMPLE: &str = "Examples:
  DATABASE_URL=postgres://serve@localhost/sospeso sospeso project
  DATABASE_URL=postgres://serve@localhost/sospeso sospeso serve --answer-only";

/// Keep the read models, the reactions and the relay going until SIGTERM or Ctrl-C.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Project {}

impl Project {
    /// Works until it is asked to end.
    ///
    /// # Errors
    /// If a database is away, or a read model was built from another history.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let engines = set_up::engines(common).await?;
        let storage = engines.storage.clone();
        let mut ending = serve::ending()?;
        let jobs = Jobs::start(engines, &Progress::default(), Which::ALL).await?;
        let text = format!("sospeso follows the log in {storage}");
        common.say(&text, &json!({"storage": storage}));
        let _ = ending.wait_for(|ending| *ending).await;
        jobs.end().await;
        Ok(())
    }
}
