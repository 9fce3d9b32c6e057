//! The one place that knows which engines there are.

pub mod evidence;
pub mod examine;
pub mod keys;

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::clock::Clock;
use commands::codes::CodeKeys;
use commands::evidence::publisher::Publisher;
use commands::evidence::sealer::Sealer;
use commands::executor::Desk;
use commands::log::EventLog;
use commands::reaction::ports::{Checkpoints, Leadership};
use infra::nats::relay::{Relay, StreamCheck};
use infra::nats::stream::Target;
use infra::postgres::PgLog;
use infra::seals::{PgSeals, SqliteSeals};
use infra::sqlite::SqliteLog;
use infra::vault::keys::KeyTable;
use infra::vault::{PgKeys, SealingVault, SqliteKeys};
use infra::views::log::LogReader;
use infra::views::postgres::PgViews;
use infra::views::sqlite::SqliteViews;
use projections::log::Log;
use projections::store::ReadStore;

use crate::evidence::Evidence;
use crate::settings::{self, Secrets, Settings};

/// How many connections the read models have to PostgreSQL.
const VIEW_CONNECTIONS: u32 = 8;

/// Everything that this process works with, whichever databases there are.
pub struct Engines {
    /// Where acts are done.
    pub desk: Arc<Desk>,
    /// The log as read models read it.
    pub reader: Arc<dyn Log>,
    /// The tables of the read models.
    pub views: Arc<dyn ReadStore>,
    /// Where reactions keep how far they came.
    pub checkpoints: Arc<dyn Checkpoints>,
    /// Which process does what only one may do.
    pub leadership: Arc<dyn Leadership>,
    /// Carries events on to NATS, if there is one.
    pub relay: Option<Relay>,
    /// Seals the history.
    pub sealer: Sealer,
    /// Carry checkpoints to places outside the database.
    pub publishers: Vec<Publisher>,
    /// The sealed history as the gateway shows it.
    pub evidence: Evidence,
    /// In words, which databases these are; without a password.
    pub storage: String,
}

/// The engines that the settings ask for: PostgreSQL, or SQLite in the data directory.
///
/// # Errors
/// If a database cannot be opened, was not prepared by `sospeso init --database`, or holds what
/// other secrets sealed.
pub async fn engines(
    data: &Path,
    settings: &Settings,
    secrets: &Secrets,
    clock: Clock,
) -> anyhow::Result<Engines> {
    let mut engines = match &settings.database_url {
        Some(url) => grown_up(url, settings, secrets, clock).await?,
        None => embedded(data, settings, secrets, clock).await?,
    };
    let seals = Arc::clone(&engines.evidence.seals);
    engines.publishers = evidence::outlets(settings, engines.desk.log().log_id(), &seals)?
        .into_iter()
        .map(|outlet| Publisher::new(Arc::clone(&seals), outlet, engines.sealer.status()))
        .collect();
    engines.evidence.outlets = engines.publishers.iter().map(Publisher::status).collect();
    engines.relay = settings.nats_url.as_ref().map(|url| {
        let log = Arc::clone(engines.desk.log());
        Relay::new(log, Arc::clone(&engines.leadership), Target::new(url))
    });
    Ok(engines)
}

/// Over four SQLite files in a directory.
async fn embedded(
    data: &Path,
    settings: &Settings,
    secrets: &Secrets,
    clock: Clock,
) -> anyhow::Result<Engines> {
    settings::make_directory(data)?;
    let opening = |name: &str| {
        let file = data.join(name);
        (file.clone(), format!("opening {}", file.display()))
    };
    let (file, what) = opening("log.db");
    let log = Arc::new(SqliteLog::open(&file).await.context(what)?);
    let (file, what) = opening("keys.db");
    let keys = SqliteKeys::open(&file).await.context(what)?;
    let vault = vault(log.log_id(), secrets, Arc::new(keys)).await?;
    let (file, what) = opening("views.db");
    let views = SqliteViews::open(&file).await.context(what)?;
    let (file, what) = opening("seals.db");
    let seals = SqliteSeals::open(&file).await.context(what)?;
    let (sealer, evidence) =
        evidence::sealed(log.clone(), Arc::new(seals), log.clone(), settings, secrets)?;
    Ok(Engines {
        desk: Desk::new(log.clone(), log.clone(), vault, codes(secrets), clock),
        reader: Arc::new(LogReader(log.clone())),
        views: Arc::new(views),
        checkpoints: log.clone(),
        leadership: log,
        relay: None,
        sealer,
        publishers: Vec::new(),
        evidence,
        storage: format!("SQLite in {}", data.display()),
    })
}

/// Over PostgreSQL: the log in one database, the keys in another, or beside the log.
async fn grown_up(
    url: &str,
    settings: &Settings,
    secrets: &Secrets,
    clock: Clock,
) -> anyhow::Result<Engines> {
    // Whether this machine's clock is right is asked of the machine, not of the demo's story.
    let log = PgLog::connect_by(url, Clock::system()).await;
    let log = Arc::new(log.context("opening the log in PostgreSQL")?);
    let keys = PgKeys::connect(settings.keys_database_url.as_deref().unwrap_or(url)).await;
    let keys = keys.context("opening the keys in PostgreSQL")?;
    let vault = vault(log.log_id(), secrets, Arc::new(keys)).await?;
    let views = PgViews::prepare(log.pool(VIEW_CONNECTIONS, PgViews::SESSION)).await;
    let views = views.context("opening the views in PostgreSQL")?;
    let seals = Arc::new(PgSeals::of(&log));
    let (sealer, evidence) = evidence::sealed(log.clone(), seals, log.clone(), settings, secrets)?;
    Ok(Engines {
        desk: Desk::new(log.clone(), log.clone(), vault, codes(secrets), clock),
        reader: Arc::new(LogReader(log.clone())),
        views: Arc::new(views),
        checkpoints: log.clone(),
        leadership: log,
        relay: None,
        sealer,
        publishers: Vec::new(),
        evidence,
        storage: format!("PostgreSQL at {}", without_password(url)),
    })
}

/// The log alone, e.g. while the keys are not there.
///
/// # Errors
/// If its database cannot be opened.
pub async fn log(data: &Path, settings: &Settings) -> anyhow::Result<Arc<dyn EventLog>> {
    Ok(if let Some(url) = &settings.database_url {
        let log = PgLog::connect_by(url, Clock::system()).await;
        Arc::new(log.context("opening the log in PostgreSQL")?)
    } else {
        let file = data.join("log.db");
        let what = || format!("opening {}", file.display());
        Arc::new(SqliteLog::open(&file).await.with_context(what)?)
    })
}

/// A database's URL as it may be shown.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}{}", &url[..scheme + 3], &url[at + 1..])
        }
        _ => url.to_owned(),
    }
}

/// The log as read models read it.
#[must_use]
pub fn reader(log: &Arc<dyn EventLog>) -> Arc<dyn Log> {
    Arc::new(LogReader(Arc::clone(log)))
}

/// A read store for one look at what the log says: a file that is gone when the store is dropped.
///
/// # Errors
/// If the folder for temporary files cannot be written.
pub async fn throwaway_views() -> anyhow::Result<Arc<dyn ReadStore>> {
    let views = SqliteViews::throwaway().await;
    let views = views.context("making a place for read models among the temporary files")?;
    Ok(Arc::new(views))
}

/// How the stream of NATS stands beside the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Streamed {
    /// There is none yet; a running relay makes it.
    Missing,
    /// It holds the log up to this position.
    Holds(i64),
    /// It is not the beginning of this log, and says where.
    Differs(String),
}

/// Compares the stream with the log and changes nothing.
///
/// # Errors
/// If NATS or the log is away.
pub async fn streamed(log: &dyn EventLog, nats_url: &str) -> anyhow::Result<Streamed> {
    let check = infra::nats::relay::check(log, &Target::new(nats_url)).await?;
    Ok(match check {
        StreamCheck::Missing => Streamed::Missing,
        StreamCheck::Holds { position } => Streamed::Holds(position),
        StreamCheck::Differs(difference) => Streamed::Differs(difference.to_string()),
    })
}

/// Deletes the stream and makes it anew, empty; its consumers go with it.
///
/// # Errors
/// If NATS is away.
pub async fn rebuild_stream(log: &dyn EventLog, nats_url: &str) -> anyhow::Result<()> {
    infra::nats::stream::rebuild(&Target::new(nats_url), log.log_id()).await?;
    Ok(())
}

/// Whether the keys of personal text lie in the same database as the log, so that backups of the
/// log hold them too. In the data directory they are a file of their own.
#[must_use]
pub fn keys_beside_log(settings: &Settings) -> bool {
    let (log, keys) = (&settings.database_url, &settings.keys_database_url);
    log.is_some() && keys.as_ref().is_none_or(|keys| Some(keys) == log.as_ref())
}

/// Whether a database can hold the demo: it is empty, or holds a log of ours.
///
/// # Errors
/// If it holds anything else, or is away.
pub async fn must_be_free_or_ours(url: &str) -> anyhow::Result<()> {
    use infra::postgres::migrate::{Inspection, inspect};
    match inspect(url)
        .await
        .with_context(|| format!("looking at {}", without_password(url)))?
    {
        Inspection::Empty | Inspection::Ours { .. } => Ok(()),
        Inspection::Foreign { tables } => anyhow::bail!(
            "{} holds other tables ({}): name an empty database",
            without_password(url),
            tables.join(", ")
        ),
    }
}

/// Makes or brings up to date what the log's and the keys' databases need.
///
/// # Errors
/// If the login does not own the database.
pub async fn migrate(owner_url: &str, keys_owner_url: &str) -> anyhow::Result<uuid::Uuid> {
    let log_id = infra::postgres::migrate::migrate(owner_url).await;
    let log_id = log_id.context("preparing the database of the log")?;
    let keys = PgKeys::migrate(keys_owner_url).await;
    keys.context("preparing the database of the keys")?;
    Ok(log_id)
}

async fn vault(
    log_id: uuid::Uuid,
    secrets: &Secrets,
    table: Arc<dyn KeyTable>,
) -> anyhow::Result<Arc<SealingVault>> {
    let vault = SealingVault::open(log_id, keys::master(secrets), table).await;
    Ok(Arc::new(vault.context("opening the vault")?))
}

fn codes(secrets: &Secrets) -> CodeKeys {
    CodeKeys::new(secrets.code, secrets.digest)
}
