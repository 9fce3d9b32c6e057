//! The real program: memory when nobody asks, under load, and while read models are built anew; and
//! how soon it answers on a long log.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::filled::Filled;
use crate::options::Options;
use crate::table::{Aim, Line};
use crate::{process, rebuild};

/// How long a process that has just started is left alone.
const SETTLE: Duration = Duration::from_millis(500);

/// One engine.
pub async fn run(options: &Options, filled: &Filled) -> Vec<Line> {
    // The read models are there, as they are in a program that was stopped and starts again.
    let all = ["venue_availability", "donor_impact", "district_coverage"];
    let peaks = all.map(|name| {
        let ended = process::run(filled.command(&["projection", "rebuild", name]));
        assert!(ended.success, "{name} is built anew");
        ended.peak_mb
    });
    catch_up(filled).await;
    let (mut starts, mut idle) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let (seconds, child) = start(filled);
        starts.push(seconds);
        std::thread::sleep(SETTLE);
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

/// The seconds until it answers, and the megabytes that it then has.
pub async fn at_rest(filled: &Filled) -> (f64, f64) {
    catch_up(filled).await;
    let (seconds, child) = start(filled);
    std::thread::sleep(SETTLE);
    let memory = process::memory_mb(&child.0, "VmRSS");
    (seconds, memory.expect("a process"))
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

/// All of its read models come to the end of the log, as they were when it was stopped.
async fn catch_up(filled: &Filled) {
    let engines = filled.engines().await;
    rebuild::build(&projections::folds(), &engines.reader, &engines.views).await;
}
