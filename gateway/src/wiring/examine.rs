//! How the engines stand, in plain sentences.

use std::path::Path;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use commands::clock::Clock;
use infra::nats::stream::{Target, version};
use infra::postgres::PgLog;
use infra::postgres::migrate::{Inspection, inspect};
use infra::sqlite::SqliteLog;
use serde::Serialize;

use crate::settings::Settings;

/// More difference than this between the clocks is worth a warning.
const CLOCKS: TimeDelta = TimeDelta::seconds(1);

/// Whether something is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Ok,
    /// It works, and could be better.
    Warn,
    /// Something must be done.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether it is well.
    pub verdict: Verdict,
    /// What was looked at, in one word.
    pub about: &'static str,
    /// One plain sentence.
    pub says: String,
}

impl Finding {
    /// It is well.
    pub fn ok(about: &'static str, says: impl Into<String>) -> Self {
        Self::new(Verdict::Ok, about, says.into())
    }

    /// It could be better.
    pub fn warn(about: &'static str, says: impl Into<String>) -> Self {
        Self::new(Verdict::Warn, about, says.into())
    }

    /// Something must be done.
    pub fn fail(about: &'static str, says: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, about, says.into())
    }

    fn new(verdict: Verdict, about: &'static str, says: String) -> Self {
        Self {
            verdict,
            about,
            says,
        }
    }

    fn ok_if(is_well: bool, about: &'static str, says: String) -> Self {
        let verdict = if is_well { Verdict::Ok } else { Verdict::Fail };
        Self::new(verdict, about, says)
    }
}

/// How the database of the log stands.
pub async fn storage(data: &Path, settings: &Settings) -> Vec<Finding> {
    let findings = match &settings.database_url {
        Some(url) => postgres(url).await,
        None => sqlite(data).await,
    };
    findings.unwrap_or_else(|error| vec![Finding::fail("log", format!("{error:#}."))])
}

/// The version of the NATS server.
///
/// # Errors
/// If it is away.
pub async fn nats(url: &str) -> anyhow::Result<String> {
    Ok(version(&Target::new(url)).await?)
}

async fn sqlite(data: &Path) -> anyhow::Result<Vec<Finding>> {
    let file = data.join("log.db");
    let what = || format!("{} is no log: `sospeso init` makes one", file.display());
    anyhow::ensure!(file.exists(), what());
    let log = SqliteLog::open(&file).await.with_context(what)?;
    let found = log.examine().await?;
    let (mode, level) = (&found.journal_mode, found.synchronous);
    Ok(vec![
        Finding::ok("log", format!("The log is in SQLite {}.", found.version)),
        Finding::ok_if(
            mode == "wal" && level >= 2,
            "commits",
            format!("Its journal mode is {mode} and synchronous is {level} (2 is FULL)."),
        ),
        Finding::ok_if(
            found.quick_check == "ok",
            "file",
            format!("Its file was checked: {}.", found.quick_check),
        ),
    ])
}

/// How far the other clock is off at least: its answer took an unknown part of the way there and
/// back, so anything between question and answer agrees with ours.
fn apart(asked: DateTime<Utc>, theirs: DateTime<Utc>, answered: DateTime<Utc>) -> TimeDelta {
    (asked - theirs)
        .max(theirs - answered)
        .max(TimeDelta::zero())
}

async fn postgres(url: &str) -> anyhow::Result<Vec<Finding>> {
    // An owner's login would make a log where there is none.
    if let Inspection::Empty | Inspection::Foreign { .. } = inspect(url).await? {
        anyhow::bail!("the database holds no log: `sospeso init --database` prepares it");
    }
    let log = PgLog::connect_by(url, Clock::system()).await?;
    let asked = Clock::system().now();
    let found = log.examine().await?;
    let apart = apart(asked, found.now, Clock::system().now());
    let clocks = format!("Its clock differs by {} ms.", apart.num_milliseconds());
    let mut findings = vec![
        Finding::ok(
            "log",
            format!("The log is in PostgreSQL {}, migrated.", found.version),
        ),
        Finding::ok_if(
            found.fsync == "on" && found.synchronous_commit != "off",
            "commits",
            format!(
                "Its fsync is {} and synchronous_commit is {}.",
                found.fsync, found.synchronous_commit
            ),
        ),
    ];
    findings.push(if apart > CLOCKS {
        Finding::warn("clock", clocks)
    } else {
        Finding::ok("clock", clocks)
    });
    findings.push(if log.by_owner() {
        Finding::warn(
            "login",
            "The login owns the database: serve with one that is only a member of its app role.",
        )
    } else {
        Finding::ok("login", "The login does not own the database.")
    });
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_no_wrong_clock() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).expect("in range");
        assert_eq!(apart(at(10), at(12), at(15)), TimeDelta::zero());
        assert_eq!(apart(at(10), at(7), at(15)), TimeDelta::seconds(3));
        assert_eq!(apart(at(10), at(17), at(15)), TimeDelta::seconds(2));
    }
}
