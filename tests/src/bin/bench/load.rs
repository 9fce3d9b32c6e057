//! Clients that do one thing after another until the time is over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::table::percentile;

/// What clients got done.
#[derive(Default)]
pub struct Ran {
    /// How long each act took, in milliseconds.
    pub latencies: Vec<f64>,
    /// From the first start to the last end.
    pub seconds: f64,
}

impl Ran {
    /// Acts per second.
    pub fn rate(&self) -> f64 {
        count(self.latencies.len()) / self.seconds
    }

    /// Half and 99 of 100 took at most so long, in words.
    pub fn told(&self) -> String {
        format!(
            "p50 {:.2} ms, p99 {:.2} ms",
            percentile(&self.latencies, 0.5),
            percentile(&self.latencies, 0.99)
        )
    }
}

/// So many as a figure.
pub fn count(many: usize) -> f64 {
    f64::from(u32::try_from(many).unwrap_or(u32::MAX))
}

/// Lets `clients` tasks act for `time`; each is given its number and how often it acted before.
pub async fn clients<Act, Acting>(clients: usize, time: Duration, act: Act) -> Ran
where
    Act: Fn(usize, usize) -> Acting + Send + Sync + 'static,
    Acting: Future<Output = ()> + Send,
{
    let act = Arc::new(act);
    let start = Instant::now();
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let act = Arc::clone(&act);
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                while start.elapsed() < time {
                    let begun = Instant::now();
                    act(client, latencies.len()).await;
                    latencies.push(begun.elapsed().as_secs_f64() * 1000.0);
                }
                latencies
            })
        })
        .collect();
    let mut ran = Ran::default();
    for task in tasks {
        ran.latencies
            .extend(task.await.expect("a client that ends well"));
    }
    ran.seconds = start.elapsed().as_secs_f64();
    ran
}
