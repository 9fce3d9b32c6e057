//! `sospeso serve`: the gateway.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use commands::clock::Clock;
use serde_json::json;
use tokio::net::TcpListener;

use super::Common;
use super::witnesses::Witnesses;
use crate::app::App;
use crate::auth::session::SessionKey;
use crate::jobs::{Jobs, Which};
use crate::settings::Secrets;
use crate::{serve, wiring};

/// Where to listen if nothing else is said: on this machine alone.
const LISTEN: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

const EXAMPLE: &str = "Examples:
  sospeso serve --listen 127.0.0.1:8080 --data /var/lib/sospeso
  DATABASE_URL=postgres://serve@localhost/sospeso sospeso serve --metrics-listen 127.0.0.1:9090
  sospeso serve --witness https://witness.example.org witness.example.org+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

/// Serve the API and the pages until SIGTERM or Ctrl-C.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Serve {
    /// Where to listen; port 0 takes a free one and says which.
    #[arg(long, env = "SOSPESO_LISTEN")]
    listen: Option<SocketAddr>,
    /// Where to serve /metrics; absent = beside the API.
    #[arg(long, env = "SOSPESO_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Leave read models, reactions and the relay to `sospeso project`.
    #[arg(long, env = "SOSPESO_ANSWER_ONLY")]
    answer_only: bool,
    #[command(flatten)]
    witnesses: Witnesses,
}

impl Serve {
    /// Serves.
    ///
    /// # Errors
    /// If a database is away, a secret is missing or an address is taken.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let mut settings = common.settings()?;
        self.witnesses.add_to(&mut settings)?;
        let secrets = Secrets::load(&common.data)?;
        let engines = wiring::engines(&common.data, &settings, &secrets, Clock::system()).await?;
        tracing::info!("the log is in {}", engines.storage);
        let (desk, views) = (Arc::clone(&engines.desk), Arc::clone(&engines.views));
        let evidence = engines.evidence.clone();
        let mut app = App::new(desk, views, evidence, SessionKey::new(secrets.session));
        let which = Which {
            project: !self.answer_only,
            lead: !self.answer_only,
        };
        let jobs = Jobs::start(engines, &app.progress, which).await?;
        let ending = serve::ending()?;
        let beside = self.metrics_listen.or(settings.metrics_listen);
        app.metrics_beside_api = beside.is_none();
        let app = Arc::new(app);
        if let Some(address) = beside {
            let listener = bind(address).await?;
            tokio::spawn(serve::metrics(listener, Arc::clone(&app), ending.clone()));
        }
        let address = self.listen.or(settings.listen);
        let listener = bind(address.unwrap_or_else(|| LISTEN.into())).await?;
        let url = format!("http://{}", listener.local_addr()?);
        common.say(&format!("sospeso listens on {url}"), &json!({"url": url}));
        let served = serve::gateway(listener, app, ending).await;
        jobs.end().await;
        served
    }
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("listening on {address}"))
}
