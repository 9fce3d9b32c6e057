//! How much is done: little in the plain run, minutes in `./tests/run faults`, more with `--long`;
//! and what came of it, a line for each experiment.

use std::io::Write as _;

use tests::workspace;

/// How often something is done in the plain run, in `faults` and in `faults --long`.
pub fn times(short: usize, minutes: usize, long: usize) -> usize {
    match std::env::var("SOSPESO_FAULTS").as_deref() {
        Ok("long") => long,
        Ok("minutes") => minutes,
        _ => short,
    }
}

/// Tells what came of an experiment: a line in `target/faults.txt` and in the test's output.
pub fn tell(what: &str, engine: &str, how_often: &str, result: &str, seed: u64) {
    let line = format!("{what} | {engine} | {how_often} | {result} | {seed}\n");
    print!("{line}");
    let file = workspace::target().join("faults.txt");
    let file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file);
    // One write, so that lines of tests that run beside this one stay whole.
    file.expect("a file for results")
        .write_all(line.as_bytes())
        .expect("a line");
}
