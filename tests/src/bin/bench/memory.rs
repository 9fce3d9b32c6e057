//! The real program: memory when nobody asks, under load, and while read models are built anew; and
//! how soon it answers on a long log.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::filled::Filled;
use crate::options::Options;
use crate::table::{Aim, Line};
use crate::town::Town;
use crate::{http, process};

/// How long a process that has just started is left alone.
const SETTLE: Duration = Duration::from_secs(2);
/// Over how many connections it is asked under load.
const CONNECTIONS: usize = 64;
/// Seconds of a processor that it may use meanwhile if it is idle.
const IDLE: f64 = 0.05;
/// How long it may take to come to rest.
const LONGEST: Duration = Duration::from_hours(1);

/// One engine.
pub async fn run(options: &Options, filled: &Filled) -> Vec<Line> {
    // The read models are there, as they are in a program that was stopped and starts again.
    let all = ["venue_availability", "donor_impact", "district_coverage"];
    let peaks = all.map(|name| {
        let ended = process::run(filled.command(&["projection", "rebuild", name]));
        assert!(ended.success, "{name} is built anew");
        ended.peak_mb
    });
    come_to_rest(filled);
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let started = start(filled);
        starts.push(started.seconds);
        std::thread::sleep(SETTLE);
        idle.push(started.memory_mb("VmRSS"));
    }
    let (loaded, redeemed) = under_load(options, filled).await;
    let what = format!("{}, {} events", filled.engine, filled.events);
    let line = |bench, unit, ours, aim| Line {
        bench,
        what: what.clone(),
        unit,
        ours,
        against: Vec::new(),
        aim,
        notes: String::new(),
    };
    let load = Line {
        notes: format!("{redeemed} redemptions over HTTP"),
        ..line("memory, under load", "MB at most", vec![loaded], None)
    };
    vec![
        line(
            "start",
            "s until it answers",
            starts,
            Some(Aim::AtMost(1.0)),
        ),
        line("memory, idle", "MB resident", idle, Some(Aim::AtMost(60.0))),
        load,
        line(
            "memory, rebuild",
            "MB at most",
            peaks.into(),
            Some(Aim::AtMost(512.0)),
        ),
    ]
}

/// How it is on a log of which three read models are there and the others are not.
pub struct AtRest {
    /// The most megabytes that it had while it built the others.
    pub building_mb: f64,
    /// How long it takes until it answers, once all are there.
    pub start_seconds: f64,
    /// The megabytes that it then has.
    pub idle_mb: f64,
}

/// Lets it come to rest and starts it again.
pub fn at_rest(filled: &Filled) -> AtRest {
    let building_mb = come_to_rest(filled);
    let started = start(filled);
    std::thread::sleep(SETTLE);
    AtRest {
        building_mb,
        start_seconds: started.seconds,
        idle_mb: started.memory_mb("VmRSS"),
    }
}

/// The most megabytes that it has while vouchers are redeemed over HTTP, and how many were.
async fn under_load(options: &Options, filled: &Filled) -> (f64, usize) {
    let town = Town::beside(filled.engines().await, "brno").await;
    let tokens = town.tokens().await;
    http::stock(&town, http::enough(options.time())).await;
    let started = start(filled);
    let address = &started.address;
    let ran = http::ask(address, &town, &tokens, options, CONNECTIONS, "memory").await;
    (started.memory_mb("VmHWM"), ran.latencies.len())
}

/// The program, until this is dropped.
struct Started {
    child: Child,
    /// How long it took until it answered.
    seconds: f64,
    address: String,
}

impl Started {
    fn memory_mb(&self, what: &str) -> f64 {
        process::memory_mb(&self.child, what).expect("a process")
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// Starts it and waits until it says where it listens.
fn start(filled: &Filled) -> Started {
    let begun = Instant::now();
    let mut command = filled.command(&["serve", "--listen", "127.0.0.1:0"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut started = Started {
        child: child.expect("it starts"),
        seconds: 0.0,
        address: String::new(),
    };
    let output = started.child.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    started.seconds = begun.elapsed().as_secs_f64();
    let told: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let url = told["url"].as_str().expect("where it listens");
    url.trim_start_matches("http://")
        .trim_end_matches('/')
        .clone_into(&mut started.address);
    started
}

/// Runs it until it has nothing left to do: read models and reactions are at the end of the log, and all is
/// sealed, as when a program is stopped that was idle. Answers the most megabytes that it had.
fn come_to_rest(filled: &Filled) -> f64 {
    let started = start(filled);
    let used = || process::processor_seconds(&started.child).expect("a process");
    let (mut before, begun) = (used(), Instant::now());
    loop {
        std::thread::sleep(SETTLE);
        let now = used();
        // It is idle too while the database makes an index for it.
        if now - before < IDLE && are_current(filled) {
            return started.memory_mb("VmHWM");
        }
        assert!(begun.elapsed() < LONGEST, "it comes to rest");
        before = now;
    }
}

/// Whether every read model is at the end of the log.
fn are_current(filled: &Filled) -> bool {
    let list = filled.command(&["projection", "list"]).output();
    let list = list.expect("it starts").stdout;
    let list: serde_json::Value = serde_json::from_slice(&list).expect("JSON");
    let models = list["read_models"].as_array().expect("read models");
    models.iter().all(|model| model["state"] == "current")
}
