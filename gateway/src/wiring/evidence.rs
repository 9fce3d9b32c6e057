//! The engines of the sealed history: what seals it, where it goes, and how it is checked.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::evidence::key::LogKey;
use commands::evidence::ports::{Outlet, Seals};
use commands::evidence::scan::Scan;
use commands::evidence::sealer::Sealer;
use commands::log::EventLog;
use commands::reaction::ports::Leadership;
use domain::evidence::note::VerifierKey;
use infra::nats::stream::Target;
use infra::outlets::{FileOutlet, NatsOutlet, WitnessOutlet};
use infra::postgres::PgScan;
use infra::seals::SqliteSeals;
use infra::sqlite::SqliteScan;

use super::without_password;
use crate::evidence::Evidence;
use crate::evidence::awaited::Awaited;
use crate::settings::{Secrets, Settings};

/// A log to be checked, and the tiles and checkpoints beside it.
pub struct ToCheck {
    /// The log.
    pub log: Arc<dyn Scan>,
    /// Tiles and checkpoints; `None` if there are none, or they are not asked for.
    pub seals: Option<Arc<dyn Seals>>,
}

/// What to do where the log can be read and its checkpoints cannot.
const UNREADABLE: &str = "reading the stored checkpoints; with --kept-only and --checkpoint FILE \
                          the log is compared with kept ones alone";

/// Opens a log with nothing but the right to read it; it may be stopped. Checkpoints that are there
/// and cannot be read are an error: they are not the same as none.
///
/// # Errors
/// If it is not there, or is away.
pub async fn to_check(
    data: &Path,
    settings: &Settings,
    kept_only: bool,
) -> anyhow::Result<ToCheck> {
    if let Some(url) = &settings.database_url {
        let scan = PgScan::connect(url).await;
        let scan = scan.with_context(|| format!("opening {}", without_password(url)))?;
        let seals: Arc<dyn Seals> = Arc::new(scan.seals());
        if !kept_only {
            seals.last().await.context(UNREADABLE)?;
        }
        return Ok(ToCheck {
            log: Arc::new(scan),
            seals: (!kept_only).then_some(seals),
        });
    }
    let file = data.join("log.db");
    let scan = SqliteScan::open(&file).await;
    let scan = scan.with_context(|| format!("opening {}", file.display()))?;
    let seals = if kept_only {
        None
    } else {
        stored(&data.join("seals.db")).await?
    };
    Ok(ToCheck {
        log: Arc::new(scan),
        seals,
    })
}

/// The tiles and checkpoints in this file; `None` if there is no such file.
async fn stored(file: &Path) -> anyhow::Result<Option<Arc<dyn Seals>>> {
    if !file.try_exists().context(UNREADABLE)? {
        return Ok(None);
    }
    let seals = SqliteSeals::look(file).await.context(UNREADABLE)?;
    seals.last().await.context(UNREADABLE)?;
    Ok(Some(Arc::new(seals)))
}

/// The key that belongs to the log with this id, from the secrets; while it is being changed, with
/// the one of before.
///
/// # Errors
/// If the log's name has a space or a plus.
pub fn log_key(
    log_id: uuid::Uuid,
    settings: &Settings,
    secrets: &Secrets,
) -> anyhow::Result<LogKey> {
    let Some(before) = &secrets.seal_before else {
        return newest_key(log_id, settings, secrets);
    };
    let origin = origin(log_id, settings);
    LogKey::changing(&origin, &secrets.seal, before).with_context(|| no_name(&origin))
}

/// The newest key alone, while it takes the place of another.
///
/// # Errors
/// If the log's name has a space or a plus.
pub fn newest_key(
    log_id: uuid::Uuid,
    settings: &Settings,
    secrets: &Secrets,
) -> anyhow::Result<LogKey> {
    let origin = origin(log_id, settings);
    LogKey::new(&origin, &secrets.seal).with_context(|| no_name(&origin))
}

fn origin(log_id: uuid::Uuid, settings: &Settings) -> String {
    let chosen = settings.origin.clone();
    chosen.unwrap_or_else(|| LogKey::default_origin(log_id))
}

fn no_name(origin: &str) -> String {
    format!("{origin:?} is no name for a log: no spaces, no plus")
}

/// All keys that signed checkpoints of this log, the newest first.
///
/// # Errors
/// If the log's name has a space or a plus.
pub fn all_keys(
    log_id: uuid::Uuid,
    settings: &Settings,
    secrets: &Secrets,
) -> anyhow::Result<Vec<VerifierKey>> {
    let signing = log_key(log_id, settings, secrets)?;
    let former = secrets.seal_former.iter().rev();
    Ok(signing.verifiers().iter().chain(former).cloned().collect())
}

/// Where checkpoints go beside the database.
pub(super) fn outlets(
    settings: &Settings,
    log_id: uuid::Uuid,
    seals: &Arc<dyn Seals>,
) -> anyhow::Result<Vec<Arc<dyn Outlet>>> {
    let mut outlets: Vec<Arc<dyn Outlet>> = Vec::new();
    if let Some(directory) = &settings.checkpoints_to {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("making {}", directory.display()))?;
        outlets.push(Arc::new(FileOutlet::new(directory)));
    }
    if let Some(url) = &settings.nats_url {
        outlets.push(Arc::new(NatsOutlet::new(Target::new(url), log_id)));
    }
    for witness in &settings.witnesses {
        let outlet = WitnessOutlet::new(&witness.url, witness.key.clone(), Arc::clone(seals))?;
        outlets.push(Arc::new(outlet));
    }
    Ok(outlets)
}

/// The sealed history of a log: its sealer, and what the gateway shows of it.
pub(super) fn sealed(
    log: Arc<dyn EventLog>,
    seals: Arc<dyn Seals>,
    leadership: Arc<dyn Leadership>,
    settings: &Settings,
    secrets: &Secrets,
) -> anyhow::Result<(Sealer, Evidence)> {
    let key = log_key(log.log_id(), settings, secrets)?;
    let sealer = Sealer::new(log, Arc::clone(&seals), leadership, key.clone());
    let evidence = Evidence {
        seals,
        key,
        sealer: sealer.status(),
        outlets: Vec::new(),
        witnesses: Awaited::of(settings.witnesses.iter().map(|it| it.key.clone())),
    };
    Ok((sealer, evidence))
}
