//! How long after an act was answered every read model shows it, at half of what the machine can
//! take with all jobs running.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::jobs::{Jobs, Which};
use projections::projector::Progress;
use tokio::time::MissedTickBehavior;

use crate::load::{clients, count};
use crate::options::Options;
use crate::table::{Aim, Line, percentile};
use crate::town::{Engine, Town};

/// Clients of the full load.
const CLIENTS: usize = 64;
/// How long anybody waits for the views.
const PATIENCE: Duration = Duration::from_mins(1);

/// One engine.
pub async fn run(options: &Options, engine: Engine) -> Line {
    let mut town = Town::on(engine).await;
    let progress = Progress::default();
    let jobs = Jobs::start(town.take_engines(), &progress, Which::ALL).await;
    let jobs = jobs.expect("the jobs");
    let town = Arc::new(town);
    for venue in 0..town.venues.len() {
        town.prepay(venue, 64).await;
    }
    let full = full_load(&town, &progress, options.time()).await;
    let (mut p99s, mut all) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let lags = half_load(&town, &progress, full / 2.0, options.time()).await;
        p99s.push(percentile(&lags, 0.99));
        all.extend(lags);
    }
    jobs.end().await;
    Line {
        bench: "freshness",
        what: format!(
            "{engine}, {:.0} acts/s = half of the load that all views keep up with",
            full / 2.0
        ),
        unit: "ms from answer to view, p99",
        ours: p99s,
        against: Vec::new(),
        aim: Some(Aim::AtMost(match engine {
            Engine::Postgres => 50.0,
            Engine::Sqlite => 20.0,
        })),
        notes: format!(
            "p50 {:.2} ms; eight read models, sealer and reactions running",
            percentile(&all, 0.5)
        ),
    }
}

/// Acts per second until the views have them too.
async fn full_load(town: &Arc<Town>, progress: &Progress, time: Duration) -> f64 {
    let start = Instant::now();
    let acting = Arc::clone(town);
    let act = move |client, acted| {
        let town = Arc::clone(&acting);
        async move { town.act(client, acted).await }
    };
    let ran = clients(CLIENTS, time, act).await;
    let head = town.desk.log().head().await.expect("a head");
    progress
        .reach(head, PATIENCE)
        .await
        .expect("views that follow");
    count(ran.latencies.len()) / start.elapsed().as_secs_f64()
}

/// Acts in an even stream; how many milliseconds each was not yet visible.
async fn half_load(town: &Arc<Town>, progress: &Progress, rate: f64, time: Duration) -> Vec<f64> {
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (start, mut sent, mut waiting) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < time {
        tick.tick().await;
        while count(sent) < start.elapsed().as_secs_f64() * rate {
            // A client acts on its own venue by turns, so that there is always a coffee for it.
            let (client, acted) = (sent % CLIENTS, sent / CLIENTS);
            let (town, progress) = (Arc::clone(town), progress.clone());
            waiting.push(tokio::spawn(async move {
                town.act(client, acted).await;
                let answered = Instant::now();
                let head = town.desk.log().changes().borrow().to_owned();
                progress
                    .reach(head, PATIENCE)
                    .await
                    .expect("views that follow");
                answered.elapsed().as_secs_f64() * 1000.0
            }));
            sent += 1;
        }
    }
    let mut lags = Vec::with_capacity(waiting.len());
    for one in waiting {
        lags.push(one.await.expect("an act that is seen"));
    }
    lags
}
