//! The one place that knows which engines there are.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use commands::clock::Clock;
use commands::codes::CodeKeys;
use commands::executor::Desk;
use infra::postgres::PgLog;
use infra::sqlite::SqliteLog;

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
        Some(url) => grown_up(url, secrets, clock).await?,
        None => embedded(data, secrets, clock).await?,
    };
    Ok(App::new(desk, SessionKey::new(secrets.session)))
}

/// Over three SQLite files in a directory.
///
/// # Errors
/// If a file cannot be opened.
pub async fn embedded(data: &Path, secrets: &Secrets, clock: Clock) -> anyhow::Result<Arc<Desk>> {
    std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
    let file = data.join("log.db");
    let log = SqliteLog::open(&file).await;
    let log = Arc::new(log.with_context(|| format!("opening {}", file.display()))?);
    let vault = Arc::new(no_vault::NoVault);
    Ok(Desk::new(log.clone(), log, vault, codes(secrets), clock))
}

/// Over PostgreSQL.
///
/// # Errors
/// If the database is away, or was not prepared by `sospeso init --database`.
pub async fn grown_up(url: &str, secrets: &Secrets, clock: Clock) -> anyhow::Result<Arc<Desk>> {
    let log = PgLog::connect_by(url, clock.clone()).await;
    let log = Arc::new(log.context("opening the log in PostgreSQL")?);
    let vault = Arc::new(no_vault::NoVault);
    Ok(Desk::new(log.clone(), log, vault, codes(secrets), clock))
}

/// Makes or brings up to date what a PostgreSQL database needs.
///
/// # Errors
/// If the login does not own the database.
pub async fn migrate(owner_url: &str) -> anyhow::Result<uuid::Uuid> {
    let log_id = infra::postgres::migrate::migrate(owner_url).await;
    log_id.context("preparing the database")
}

fn codes(secrets: &Secrets) -> CodeKeys {
    CodeKeys::new(secrets.code, secrets.digest)
}

mod no_vault {
    //! Until there is a vault, nothing personal is taken: every act that would seal is refused.

    use commands::vault::{Vault, VaultError};
    use domain::sealed::{Sealed, SealedField};
    use futures::future::{BoxFuture, ready};
    use uuid::Uuid;

    pub struct NoVault;

    fn away<T: Send + 'static>() -> BoxFuture<'static, Result<T, VaultError>> {
        Box::pin(ready(Err(VaultError::Unavailable)))
    }

    impl Vault for NoVault {
        fn seal(
            &self,
            _: Uuid,
            _: SealedField,
            _: String,
        ) -> BoxFuture<'_, Result<Sealed, VaultError>> {
            away()
        }

        fn open(&self, _: SealedField, _: Sealed) -> BoxFuture<'_, Result<String, VaultError>> {
            away()
        }

        fn block(&self, _: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
            away()
        }

        fn destroy(&self, _: Uuid) -> BoxFuture<'_, Result<(), VaultError>> {
            away()
        }

        fn holds(&self, _: Uuid) -> BoxFuture<'_, Result<bool, VaultError>> {
            away()
        }
    }
}
