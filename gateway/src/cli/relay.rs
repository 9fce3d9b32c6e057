//! `sospeso relay`: how the stream of NATS stands, and making it anew.

use anyhow::{Context, ensure};
use clap::{Args, Subcommand};
use serde_json::json;

use super::{Common, set_up};
use crate::wiring::{self, Engines, Streamed};

const EXAMPLE: &str = "Examples:
  NATS_URL=nats://localhost sospeso relay status
  NATS_URL=nats://localhost sospeso relay rebuild --yes";

/// What becomes of those who read the stream.
const CONSUMERS: &str = "Every consumer of the stream is deleted with it. A reader makes its \
consumer again and goes on after the last position that it dealt with: message numbers are \
positions of the log, before and after.";

/// Compare the stream of NATS with the log, or make it anew from the log.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Relay {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand, Debug)]
enum What {
    /// How far the stream is, and whether it is the beginning of this log.
    #[command(after_help = EXAMPLE)]
    Status,
    /// Delete the stream and make it anew; a running relay fills it from the first event on.
    ///
    /// Every consumer of the stream is deleted with it.
    #[command(after_help = EXAMPLE)]
    Rebuild {
        /// Yes, delete the stream with its consumers.
        #[arg(long)]
        yes: bool,
    },
}

impl Relay {
    /// Looks, or rebuilds.
    ///
    /// # Errors
    /// If no NATS server is named, it is away, or the stream differs from the log.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let url = common.settings()?.nats_url;
        let url = url.context("no NATS server is named: set NATS_URL or --nats-url")?;
        let engines = set_up::engines(common).await?;
        match self.what {
            What::Status => status(common, &engines, &url).await,
            What::Rebuild { yes } => {
                ensure!(yes, "{CONSUMERS} Say --yes to go on.");
                rebuild(common, &engines, &url).await
            }
        }
    }
}

async fn status(common: &Common, engines: &Engines, url: &str) -> anyhow::Result<()> {
    let log = engines.desk.log();
    let head = log.head().await?;
    let (position, text) = match wiring::streamed(log.as_ref(), url).await? {
        Streamed::Missing => (
            0,
            "There is no stream yet; a running relay makes it.".into(),
        ),
        Streamed::Holds(position) => {
            let lag = (head - position).max(0);
            (
                position,
                format!("The stream holds positions 1 to {position} of {head}; {lag} are missing."),
            )
        }
        Streamed::Differs(why) => {
            anyhow::bail!("{why}; if the log is right, run `sospeso relay rebuild`")
        }
    };
    let lag = (head - position).max(0);
    common.say(
        &text,
        &json!({"position": position, "head": head, "lag": lag}),
    );
    Ok(())
}

async fn rebuild(common: &Common, engines: &Engines, url: &str) -> anyhow::Result<()> {
    let log = engines.desk.log();
    wiring::rebuild_stream(log.as_ref(), url).await?;
    let text = format!(
        "The stream is new and empty; a running relay (`sospeso serve` or `sospeso project`) \
         fills it. {CONSUMERS}"
    );
    common.say(&text, &json!({"rebuilt": true, "log_id": log.log_id()}));
    Ok(())
}
