//! `sospeso doctor`: whether this installation is well.

use anyhow::bail;
use clap::Args;
use commands::evidence::sealer::Halt;
use commands::executor::Desk;
use serde_json::json;

use super::{Common, set_up};
use crate::settings::{Secrets, Settings};
use crate::wiring::examine::{Finding, Verdict, storage};
use crate::wiring::keys::Keys;
use crate::wiring::{self, Engines, Streamed};

const EXAMPLE: &str = "Examples:
  sospeso doctor
  DATABASE_URL=postgres://serve@localhost/sospeso sospeso doctor --json";

/// How many ids are named in a sentence.
const NAMED: usize = 20;
/// Less free space than this is too little for a day, or for anything.
const LITTLE_SPACE: (u64, u64) = (1 << 30, 64 << 20);

/// Look at the databases, the secrets, NATS and the disk: exit code 1 if something must be done.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLE)]
pub struct Doctor {}

impl Doctor {
    /// Looks at everything and says how it stands.
    ///
    /// # Errors
    /// If something must be done.
    pub async fn run(self, common: &Common) -> anyhow::Result<()> {
        let settings = common.settings()?;
        let mut findings = vec![secrets(common), space(common)];
        let storage = storage(&common.data, &settings).await;
        // To start on an empty database would make a log there, and whoever looks changes nothing.
        let there_is_a_log = !storage.iter().any(|found| found.verdict == Verdict::Fail);
        findings.extend(storage);
        findings.extend([keys(&settings), backups(&settings)]);
        if there_is_a_log {
            match set_up::engines(common).await {
                Ok(engines) => findings.extend(started(common, &settings, &engines).await),
                Err(error) => findings.push(Finding::fail("start", format!("{error:#}."))),
            }
        }
        say(common, &findings);
        if findings.iter().any(|found| found.verdict == Verdict::Fail) {
            bail!("something must be done");
        }
        Ok(())
    }
}

/// What only a started installation can tell.
async fn started(common: &Common, settings: &Settings, engines: &Engines) -> Vec<Finding> {
    let mut findings = erasure(common, settings, &engines.desk).await;
    findings.push(stream(&engines.desk, settings).await);
    findings.push(seal(engines).await);
    let key = engines.evidence.key.verifier();
    findings.push(Finding::ok(
        "key",
        format!("The key of the checkpoints is {key}"),
    ));
    if let [_, before] = engines.evidence.key.verifiers() {
        let says = format!(
            "The key {before} signs too: `sospeso keys change-log-key --finish` ends that."
        );
        findings.push(Finding::warn("key", says));
    }
    findings
}

fn say(common: &Common, findings: &[Finding]) {
    let lines: Vec<_> = findings
        .iter()
        .map(|found| format!("{:<4} {:<8} {}", found.verdict, found.about, found.says))
        .collect();
    common.say(&lines.join("\n"), &json!({"findings": findings}));
}

fn secrets(common: &Common) -> Finding {
    match Secrets::load(&common.data) {
        Ok(_) => Finding::ok(
            "secrets",
            "The secrets are there and nobody else may read them.",
        ),
        Err(error) => Finding::fail("secrets", format!("{error:#}.")),
    }
}

fn space(common: &Common) -> Finding {
    let free = match rustix::fs::statvfs(&common.data) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => {
            let data = common.data.display();
            return Finding::warn("disk", format!("{data} cannot be looked at: {error}."));
        }
    };
    let says = format!("{} MiB are free in the data directory.", free >> 20);
    match free {
        free if free < LITTLE_SPACE.1 => Finding::fail("disk", says),
        free if free < LITTLE_SPACE.0 => Finding::warn("disk", says),
        _ => Finding::ok("disk", says),
    }
}

fn keys(settings: &Settings) -> Finding {
    if wiring::keys_beside_log(settings) {
        return Finding::warn(
            "keys",
            "The keys lie in the log's database: erasure reaches its old backups only when those \
             expire. Set KEYS_DATABASE_URL.",
        );
    }
    Finding::ok("keys", "The keys of personal text lie apart from the log.")
}

/// What was erased and is still there, and whether log and keys are of one time.
async fn erasure(common: &Common, settings: &Settings, desk: &Desk) -> Vec<Finding> {
    match standing(common, settings, desk).await {
        Ok(standing) => vec![erased(&standing), same_time(&standing)],
        Err(error) => vec![Finding::fail("erasure", format!("{error:#}."))],
    }
}

async fn standing(
    common: &Common,
    settings: &Settings,
    desk: &Desk,
) -> anyhow::Result<wiring::keys::Standing> {
    let keys = Keys::open(&common.data, settings).await?;
    keys.standing(&**desk.log()).await
}

fn erased(standing: &wiring::keys::Standing) -> Finding {
    let held = &standing.still_there;
    if held.is_empty() {
        let says = "Erasure is complete: no erased person's or record's key is there any more.";
        return Finding::ok("erasure", says);
    }
    Finding::warn(
        "erasure",
        format!(
            "The keys of these erased persons or records are still there, `sospeso serve` or \
             `sospeso project` destroys them: {}.",
            named(held)
        ),
    )
}

/// A log and keys that were restored from different backups.
fn same_time(standing: &wiring::keys::Standing) -> Finding {
    let (missing, unsaid) = (&standing.missing, &standing.destroyed_unsaid);
    if !missing.is_empty() {
        let says = format!(
            "The keys are older than the log: {} keys of its texts are not there, and those texts \
             cannot be read: `sospeso keys restore` with a later backup. They are: {}.",
            missing.len(),
            named(missing)
        );
        return Finding::fail("restored", says);
    }
    if !unsaid.is_empty() {
        let says = format!(
            "The log is older than the keys: {} keys were destroyed after erasures that the log has \
             lost. Record these again with `sospeso subject erase`: {}.",
            unsaid.len(),
            named(unsaid)
        );
        return Finding::warn("restored", says);
    }
    Finding::ok("restored", "The log and the keys are of one time.")
}

/// The first few of many.
fn named(ids: &[String]) -> String {
    let more = if ids.len() > NAMED { " and others" } else { "" };
    format!("{}{more}", ids[..ids.len().min(NAMED)].join(", "))
}

fn backups(settings: &Settings) -> Finding {
    let days = wiring::keys::retention_days(settings);
    Finding::ok(
        "backups",
        format!(
            "A backup of the keys is kept for {days} days: so long after an erasure the last copy \
             of a key is gone."
        ),
    )
}

/// Whether the log still is what was sealed, and how far that is.
async fn seal(engines: &Engines) -> Finding {
    let head = match engines.desk.log().head().await {
        Ok(head) => head,
        Err(error) => return Finding::fail("seal", format!("{error}.")),
    };
    match engines.sealer.check().await {
        Ok(size) => Finding::ok(
            "seal",
            format!("The history is sealed up to position {size} of {head}."),
        ),
        Err(Halt::Trouble(trouble)) => Finding::fail(
            "seal",
            format!("Nothing more is sealed: {trouble}. `sospeso audit verify` tells more."),
        ),
        Err(Halt::Away(error)) => Finding::fail("seal", format!("{error}.")),
    }
}

async fn stream(desk: &Desk, settings: &Settings) -> Finding {
    let Some(url) = &settings.nats_url else {
        return Finding::ok("nats", "No NATS server is named, and none is needed.");
    };
    let version = match wiring::examine::nats(url).await {
        Ok(version) => version,
        Err(error) => return Finding::warn("nats", format!("{error:#}.")),
    };
    match wiring::streamed(desk.log().as_ref(), url).await {
        Ok(Streamed::Differs(why)) => Finding::fail(
            "nats",
            format!("NATS {version}: {why}; if the log is right, run `sospeso relay rebuild`."),
        ),
        Ok(Streamed::Missing) => Finding::warn(
            "nats",
            format!("NATS {version} has no stream yet; a running relay makes it."),
        ),
        Ok(Streamed::Holds(position)) => Finding::ok(
            "nats",
            format!("NATS {version} holds the log up to position {position}."),
        ),
        Err(error) => Finding::warn("nats", format!("NATS {version}: {error:#}.")),
    }
}
