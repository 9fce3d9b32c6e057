//! The one place that knows which engines there are.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::clock::Clock;
use commands::codes::CodeKeys;
use commands::executor::Desk;
use commands::log::EventLog;
use infra::postgres::PgLog;
use infra::sqlite::SqliteLog;
use infra::vault::keys::KeyTable;
use infra::vault::master::{MasterKey, Secret};
use infra::vault::{PgKeys, SealingVault, SqliteKeys};

use crate::app::App;
use crate::auth::session::SessionKey;
use crate::settings::{Secrets, Settings};

/// The gateway that the settings ask for: over PostgreSQL, or over SQLite in the data directory.
///
/// # Errors
/// If a database cannot be opened.
pub async fn app(
    data: &Path,
    settings: &Settings,
    secrets: &Secrets,
    clock: Clock,
) -> anyhow::Result<App> {
    let desk = match &settings.database_url {
        Some(url) => {
            let keys_url = settings.keys_database_url.as_ref().unwrap_or(url);
            grown_up(url, keys_url, secrets, clock).await?
        }
        None => embedded(data, secrets, clock).await?,
    };
    Ok(App::new(desk, SessionKey::new(secrets.session)))
}

/// Over SQLite files in a directory.
///
/// # Errors
/// If a file cannot be opened, or holds what other secrets sealed.
pub async fn embedded(data: &Path, secrets: &Secrets, clock: Clock) -> anyhow::Result<Arc<Desk>> {
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    let file = data.join("log.db");
    let log = SqliteLog::open(&file).await;
    let log = Arc::new(log.with_context(|| format!("opening {}", file.display()))?);
    let file = data.join("keys.db");
    let keys = SqliteKeys::open(&file).await;
    let keys = keys.with_context(|| format!("opening {}", file.display()))?;
    let vault = vault(log.log_id(), secrets, Arc::new(keys)).await?;
    Ok(Desk::new(log.clone(), log, vault, codes(secrets), clock))
}

/// Over PostgreSQL: the log in one database, the keys in another, or beside the log.
///
/// # Errors
/// If a database is away, was not prepared by `sospeso init --database`, or holds what other
/// secrets sealed.
pub async fn grown_up(
    url: &str,
    keys_url: &str,
    secrets: &Secrets,
    clock: Clock,
) -> anyhow::Result<Arc<Desk>> {
    let log = PgLog::connect_by(url, clock.clone()).await;
    let log = Arc::new(log.context("opening the log in PostgreSQL")?);
    let keys = PgKeys::connect(keys_url).await;
    let keys = keys.context("opening the keys in PostgreSQL")?;
    let vault = vault(log.log_id(), secrets, Arc::new(keys)).await?;
    Ok(Desk::new(log.clone(), log, vault, codes(secrets), clock))
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
    keys: Arc<dyn KeyTable>,
) -> anyhow::Result<Arc<SealingVault>> {
    let master = MasterKey::new(Secret::new(secrets.master));
    let vault = SealingVault::open(log_id, master, keys).await;
    Ok(Arc::new(vault.context("opening the vault")?))
}

fn codes(secrets: &Secrets) -> CodeKeys {
    CodeKeys::new(secrets.code, secrets.digest)
}
