//! 200 clients want the 100 vouchers of one item at once, again and again: exactly 100 get one.

use std::sync::Arc;
use std::time::Instant;

use commands::executor::Failure;
use futures::future::join_all;

use crate::options::Options;
use crate::table::{Line, percentile};
use crate::town::{Engine, Town};

const WANT: usize = 200;
const WAIT: u32 = 100;

/// One engine.
///
/// # Panics
/// If a round has another outcome.
pub async fn run(options: &Options, engine: Engine) -> Line {
    let town = Arc::new(Town::on(engine).await);
    let (mut rates, mut latencies) = (Vec::new(), Vec::new());
    for round in 0..options.contests() {
        town.prepay(0, WAIT).await;
        let start = Instant::now();
        let tasks = (0..WANT).map(|_| {
            let town = Arc::clone(&town);
            tokio::spawn(async move {
                let got = town.redeem(0).await;
                (got, start.elapsed().as_secs_f64() * 1000.0)
            })
        });
        let mut got = 0;
        for ended in join_all(tasks).await {
            let (outcome, took) = ended.expect("a client that ends well");
            latencies.push(took);
            match outcome {
                Ok(_) => got += 1,
                Err(Failure::Refused(refused)) if refused.code == "nothing_on_board" => {}
                Err(other) => panic!("round {round}: {other}"),
            }
        }
        assert_eq!(got, WAIT, "round {round}: a voucher was lost or used twice");
        rates.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    Line {
        bench: "contention",
        what: format!(
            "{engine}, {WANT} clients, {WAIT} vouchers, {} rounds",
            rates.len()
        ),
        unit: "ms a round",
        ours: rates,
        against: Vec::new(),
        aim: None,
        notes: format!(
            "exactly {WAIT} redeemed in every round; p50 {:.1} ms, p99 {:.1} ms",
            percentile(&latencies, 0.5),
            percentile(&latencies, 0.99)
        ),
    }
}
