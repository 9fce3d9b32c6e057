//! Leadership: an advisory lock on a connection of its own. Whoever loses the connection is no
//! longer the leader; the server frees the lock when it notices.

use std::time::Duration;

use commands::log::LogError;
use commands::reaction::ports::{Lead, Leadership};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::Mutex;

use super::connection;
use super::error::log_error;
use super::log::PgLog;

/// How long the server may take to say that the leader's connection stands.
const ANSWER: Duration = Duration::from_secs(2);

impl Leadership for PgLog {
    fn try_lead(&self, name: String) -> BoxFuture<'_, Result<Option<Box<dyn Lead>>, LogError>> {
        let role = self.roles().app.clone();
        try_lead(self.options().clone(), role, name).boxed()
    }
}

async fn try_lead(
    options: PgConnectOptions,
    role: String,
    name: String,
) -> Result<Option<Box<dyn Lead>>, LogError> {
    let lead = async {
        let mut connection = options.connect().await?;
        connection::begin(&mut connection, &role).await?;
        // Locks of this kind are per database, so two logs in one cluster do not meet.
        let leads: bool =
            sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtext('sospeso'), hashtext($1))")
                .bind(name)
                .fetch_one(&mut connection)
                .await?;
        Ok(leads.then(|| Box::new(PgLead(Mutex::new(connection))) as Box<dyn Lead>))
    };
    lead.await.map_err(|error: sqlx::Error| log_error(&error))
}

/// The lock is free again when the connection is closed, which the drop does.
struct PgLead(Mutex<PgConnection>);

impl Lead for PgLead {
    fn still_held(&self) -> BoxFuture<'_, bool> {
        async {
            let mut connection = self.0.lock().await;
            matches!(
                tokio::time::timeout(ANSWER, connection.ping()).await,
                Ok(Ok(()))
            )
        }
        .boxed()
    }
}
