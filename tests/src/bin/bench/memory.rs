//! The real program: memory when nobody asks, under load, and while read models are built anew; and
//! how soon it answers on a long log.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::Instant;

use crate::filled::Filled;
use crate::options::Options;
use crate::process;
use crate::table::{Aim, Line};

/// One engine.
pub fn run(options: &Options, filled: &Filled) -> Vec<Line> {
    // The read models are there, as they are in a program that was stopped and starts again.
    let all = ["venue_availability", "donor_impact", "district_coverage"];
    let peaks = all.map(|name| {
        let ended = process::run(filled.command(&["projection", "rebuild", name]));
        assert!(ended.success, "{name} is built anew");
        ended.peak_mb
    });
    catch_up(filled);
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let (seconds, child) = start(filled);
        starts.push(seconds);
        std::thread::sleep(std::time::Duration::from_millis(500));
        idle.push(process::memory_mb(&child.0, "VmRSS").expect("a process"));
    }
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
    vec![
        line(
            "start",
            "s until it answers",
            starts,
            Some(Aim::AtMost(1.0)),
        ),
        line("memory, idle", "MB resident", idle, Some(Aim::AtMost(60.0))),
        line(
            "memory, rebuild",
            "MB at most",
            peaks.into(),
            Some(Aim::AtMost(512.0)),
        ),
    ]
}

/// Ends with its handle.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Starts it and waits until it says where it listens.
fn start(filled: &Filled) -> (f64, Running) {
    let begun = Instant::now();
    let mut command = filled.command(&["serve", "--listen", "127.0.0.1:0"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut running = Running(child.expect("it starts"));
    let output = running.0.stdout.take().expect("a pipe");
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).expect("a line");
    assert!(line.contains("url"), "{line:?}");
    (begun.elapsed().as_secs_f64(), running)
}

/// Runs it until all of its read models have come to the end of the log.
fn catch_up(filled: &Filled) {
    let (_, _running) = start(filled);
    let begun = Instant::now();
    loop {
        let listed = filled
            .command(&["projection", "list"])
            .output()
            .expect("it starts");
        let listed: serde_json::Value =
            serde_json::from_slice(&listed.stdout).expect("a line of JSON");
        let models = listed["read_models"].as_array().expect("read models");
        if models.iter().all(|model| model["lag"] == 0) {
            return;
        }
        assert!(
            begun.elapsed().as_secs() < 1800,
            "the views do not come to the end: {listed}"
        );
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
}
