//! How long after an act was answered every read model shows it, at half of what the machine can
//! take with all jobs running.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gateway::jobs::{Jobs, Which};
use projections::progress::Progress;
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
        async move {
            town.act(client, acted).await;
        }
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
    let seen = tokio::spawn(watch(progress.clone()));
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    tick.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let (start, mut sent, mut acts) = (Instant::now(), 0, Vec::new());
    while start.elapsed() < time {
        tick.tick().await;
        while count(sent) < start.elapsed().as_secs_f64() * rate {
            // A client acts on its own venue by turns, so that there is always a coffee for it.
            let (client, acted) = (sent % CLIENTS, sent / CLIENTS);
            let town = Arc::clone(town);
            acts.push(tokio::spawn(async move {
                let position = town.act(client, acted).await;
                (position, Instant::now())
            }));
            sent += 1;
        }
    }
    let mut answered = Vec::with_capacity(acts.len());
    for act in acts {
        answered.push(act.await.expect("an act that is done"));
    }
    let head = town.desk.log().head().await.expect("a head");
    let reached = progress.reach(head, PATIENCE).await;
    reached.expect("views that follow");
    seen.abort();
    let steps = std::mem::take(&mut *SEEN.lock().expect("no panic before"));
    let lags = answered.iter();
    lags.map(|(position, at)| lag(&steps, *position, *at))
        .collect()
}

/// When all read models had come how far.
static SEEN: Mutex<Vec<(i64, Instant)>> = Mutex::new(Vec::new());

async fn watch(progress: Progress) {
    let mut moved = progress.moved();
    loop {
        let least = progress.all().iter().map(|(_, at, _)| *at).min();
        let step = (least.unwrap_or(0), Instant::now());
        SEEN.lock().expect("no panic before").push(step);
        if moved.changed().await.is_err() {
            return;
        }
    }
}

/// In milliseconds; none if it was seen before its client heard of it.
fn lag(steps: &[(i64, Instant)], position: i64, answered: Instant) -> f64 {
    let seen = steps.partition_point(|(reached, _)| *reached < position);
    let at = steps.get(seen).map_or_else(Instant::now, |(_, at)| *at);
    at.saturating_duration_since(answered).as_secs_f64() * 1000.0
}
