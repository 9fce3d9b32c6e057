//! `sospeso demo`: the main job on real input, on a machine that has nothing but this binary.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::NaiveDate;
use clap::Args;
use commands::clock::Clock;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tokio::net::TcpListener;

use super::Common;
use crate::app::App;
use crate::auth::session::SessionKey;
use crate::demo::{self, tokens};
use crate::jobs::{Jobs, Which};
use crate::settings::{self, DEFAULT_DATA, Secrets};
use crate::wiring::Engines;
use crate::{serve, wiring};

/// How long the read models may take to catch up with the story.
const CATCH_UP: Duration = Duration::from_mins(2);

const EXAMPLE: &str = "Examples:
  sospeso demo
  sospeso demo --today 2026-11-20 --listen 127.0.0.1:0 --json
  DATABASE_URL=postgres://owner@localhost/demo NATS_URL=nats://localhost sospeso demo";

/// Found a network with the real districts and totals of Prague, fill it, and serve it.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Demo {
    /// Where to listen; port 0 takes a free one and says which.
    #[arg(long, env = "SOSPESO_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The day that is today in the story; its clock then starts at half past ten in the morning.
    #[arg(long)]
    today: Option<NaiveDate>,
}

impl Demo {
    /// Tells the story, or goes on with it, and serves.
    ///
    /// # Errors
    /// If the database holds something else, an address is taken or an act is refused.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let data = directory(&common.data);
        settings::make_directory(&data)?;
        let settings = common.settings()?;
        if let Some(url) = &settings.database_url {
            wiring::must_be_free_or_ours(url).await?;
        }
        let listener = TcpListener::bind(self.listen).await;
        let listener = listener.with_context(|| format!("listening on {}", self.listen))?;
        let secrets = secrets(&data)?;
        let clock = self
            .today
            .map_or_else(Clock::system, |day| Clock::starting_at(demo::morning(day)));
        let today = clock
            .now()
            .with_timezone(&chrono_tz::Europe::Prague)
            .date_naive();
        let engines = wiring::engines(&data, &settings, &secrets, clock).await?;
        let storage = engines.storage.clone();
        anyhow::ensure!(
            demo::is_ours(engines.desk.log().as_ref()).await?,
            "{storage} holds the log of a network that is no demo: name an empty database or directory"
        );
        if !common.json {
            println!("sospeso demo, data in {storage}");
        }
        let kept = story(&engines, today, &data, !common.json).await?;
        let desk = Arc::clone(&engines.desk);
        let mut app = App::new(
            desk,
            Arc::clone(&engines.views),
            engines.evidence.clone(),
            SessionKey::new(secrets.session),
        );
        app.demo = true;
        let head = app.desk.log().head().await?;
        let jobs = Jobs::start(engines, &app.progress, Which::ALL).await?;
        app.progress
            .reach(head, CATCH_UP)
            .await
            .context("waiting for the read models")?;
        let url = format!("http://{}", listener.local_addr()?);
        announce(common, &url, &kept);
        let served = serve::gateway(listener, Arc::new(app), serve::ending()?).await;
        jobs.end().await;
        served
    }
}

/// The demo never writes into the data of a real network unless it is told to.
fn directory(data: &Path) -> PathBuf {
    if data == Path::new(DEFAULT_DATA) {
        data.join("demo")
    } else {
        data.to_owned()
    }
}

fn secrets(data: &Path) -> anyhow::Result<Secrets> {
    Secrets::make(data)?;
    Secrets::load(data)
}

/// Tells what was not told yet.
async fn story(
    engines: &Engines,
    today: NaiveDate,
    data: &Path,
    show: bool,
) -> anyhow::Result<tokens::Kept> {
    let known = tokens::kept(data, engines.desk.log().log_id())?;
    if let Some(kept) = known.filter(|kept| kept.today == today) {
        return Ok(kept);
    }
    let bar = if show {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}")?;
    bar.set_style(style);
    bar.set_message("2019 to 2021");
    let progress = |told, total| {
        bar.set_length(total);
        bar.set_position(told);
    };
    let cast = demo::tell(Arc::clone(&engines.desk), today, &progress).await?;
    bar.finish_and_clear();
    tokens::keep(&engines.desk, &cast, today, data).await
}

fn announce(common: &Common, url: &str, kept: &tokens::Kept) {
    let donor_link = format!("{url}/link/{}", kept.donor);
    if common.json {
        println!(
            "{}",
            json!({"url": url, "tokens": kept.tokens, "donor_link": donor_link})
        );
        return;
    }
    println!("\nOnly the totals of the years and the districts are real; all else is made up.\n");
    println!("  {url}/            who is open now, what is on the boards");
    println!("  {url}/coverage    the districts");
    println!("  {url}/counter     the counter of a venue: sign in with the venue's token");
    println!("  {url}/docs        the API");
    println!("  {donor_link}\n                    a donor's private page\n");
    for (role, token) in &kept.tokens {
        println!("  {role:<13} {token}");
    }
    println!("\nSign in at {url}/sign-in. Stop with Ctrl-C; the data stays.");
}
