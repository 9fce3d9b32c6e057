//! Connections: what every session is told, and how long anybody waits.

use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection as _, Executor as _};

use super::error::OpenError;
use super::roles::{Roles, quoted};
use crate::views::STATEMENTS;

/// How long a command waits for a connection.
const ACQUIRE: Duration = Duration::from_secs(2);
/// A connection that was used more recently is taken for alive without asking.
const ALIVE: Duration = Duration::from_secs(1);

/// What every session is told first.
const SESSION: &str = "
    -- A commit that was answered survives the loss of power, whatever the server's default.
    SET synchronous_commit = on;
    SET default_transaction_isolation = 'read committed';
    SET TimeZone = 'UTC';
    -- That something already exists is no news.
    SET client_min_messages = warning;
    -- No query of this program takes as long; one that does holds up those behind it.
    SET statement_timeout = '20s';
    SET lock_timeout = '10s';
    SET idle_in_transaction_session_timeout = '20s';
    -- The server notices within half a minute that this machine is gone.
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
";

/// Where a URL leads.
pub(super) fn options(url: &str) -> Result<PgConnectOptions, OpenError> {
    let options: PgConnectOptions = url.parse().map_err(OpenError::Away)?;
    Ok(options
        .application_name("sospeso")
        .statement_cache_capacity(STATEMENTS))
}

/// Makes a session act as the application, whoever logged in.
pub(super) async fn begin(connection: &mut PgConnection, role: &str) -> sqlx::Result<()> {
    let session = format!("{SESSION} SET ROLE {}", quoted(role));
    connection.execute(session.as_str()).await.map(|_| ())
}

/// A pool of such sessions, of which it opens none before it needs it; each is also told `more`.
pub(super) fn pool(
    options: PgConnectOptions,
    roles: &Roles,
    size: u32,
    more: &'static str,
) -> PgPool {
    let role = roles.app.clone();
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(ACQUIRE)
        // Asking first costs a round trip on every use: only a session that rested is asked.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for < ALIVE {
                    return Ok(true);
                }
                let alive = tokio::time::timeout(ALIVE, connection.ping());
                Ok(matches!(alive.await, Ok(Ok(()))))
            })
        })
        .after_connect(move |connection, _| {
            let role = role.clone();
            Box::pin(async move {
                begin(connection, &role).await?;
                connection.execute(more).await.map(|_| ())
            })
        })
        .connect_lazy_with(options)
}
