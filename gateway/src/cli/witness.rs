//! `sospeso witness`: follow somebody else's log and cosign what does not contradict itself.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use commands::clock::Clock;
use domain::evidence::note::VerifierKey;
use serde_json::json;
use tokio::net::TcpListener;

use super::Common;
use crate::serve;
use crate::witness::keeper::Keeper;
use crate::witness::serve::router;

const EXAMPLE: &str = "Examples:
  sospeso witness --origin ledger.example.org/sospeso --log-key ledger.example.org/sospeso+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k --data ./witness --listen 0.0.0.0:8090
  curl http://127.0.0.1:8090/checkpoint

Run it on a machine of your own, not of the ledger's operator. Keep the data directory and never
put an older copy of it in place: its last checkpoint is what makes a rewritten history stand out.";

/// Witness a ledger: cosign its checkpoints, and refuse one that contradicts what was cosigned.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Witness {
    /// The log's name, the first line of its checkpoints.
    #[arg(long)]
    origin: String,
    /// The log's verifier key, as `name+id+base64`.
    #[arg(long, value_name = "VKEY")]
    log_key: VerifierKey,
    /// The name of this witness in its signatures, best an address without `https://`.
    #[arg(long, default_value = "sospeso-witness")]
    name: String,
    /// Where to listen; port 0 takes a free one and says which.
    #[arg(long, env = "SOSPESO_WITNESS_LISTEN", default_value = "127.0.0.1:8090")]
    listen: SocketAddr,
}

impl Witness {
    /// Serves until SIGTERM or Ctrl-C.
    ///
    /// # Errors
    /// If the directory cannot be used or the address is taken.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let clock = Clock::system();
        let keeper = Keeper::open(&common.data, &self.name, &self.origin, self.log_key, clock)?;
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| format!("listening on {}", self.listen))?;
        let url = format!("http://{}", listener.local_addr()?);
        let key = keeper.key().to_string();
        common.say(
            &format!("the witness listens on {url}\nits key is {key}"),
            &json!({"url": url, "key": key}),
        );
        serve::until(listener, router(Arc::new(keeper)), serve::ending()?).await
    }
}
