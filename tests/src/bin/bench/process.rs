//! The real program: how long it runs and how much memory it takes.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Between two looks at a process.
const PAUSE: Duration = Duration::from_millis(2);

/// How a process ended.
pub struct Ended {
    pub success: bool,
    pub seconds: f64,
    /// The most memory that it had at once, in megabytes.
    pub peak_mb: f64,
}

/// Runs it to its end.
pub fn run(mut command: Command) -> Ended {
    let start = Instant::now();
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let mut child = child.expect("it starts");
    let mut peak_mb = 0.0;
    loop {
        // Gone once it has ended, so the last look before counts.
        peak_mb = memory_mb(&child, "VmHWM").unwrap_or(0.0_f64).max(peak_mb);
        if let Some(status) = child.try_wait().expect("a child") {
            return Ended {
                success: status.success(),
                seconds: start.elapsed().as_secs_f64(),
                peak_mb,
            };
        }
        std::thread::sleep(PAUSE);
    }
}

/// How many seconds of a processor a running process has used, in hundredths.
pub fn processor_seconds(child: &Child) -> Option<f64> {
    let file = PathBuf::from(format!("/proc/{}/stat", child.id()));
    let stat = std::fs::read_to_string(file).ok()?;
    // The name, which may hold anything, stands in brackets; user and system time are the 12th and 13th
    // behind it.
    let (_, behind) = stat.rsplit_once(')')?;
    let mut fields = behind.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / 100.0)
}

/// What the system says of a running process, e.g. `VmRSS` now or `VmHWM` at most, in megabytes.
pub fn memory_mb(child: &Child, what: &str) -> Option<f64> {
    let file = PathBuf::from(format!("/proc/{}/status", child.id()));
    let status = std::fs::read_to_string(file).ok()?;
    let line = status.lines().find(|line| line.starts_with(what))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024.0)
}
