//! Stock postgres-es: `CqrsFramework` over `PostgresEventRepository` and its own table. Each command
//! loads, decides by the same domain, inserts and commits. No authorisation, no idempotency, no
//! position, no board: its caller says which voucher.

use std::collections::HashMap;
use std::sync::Arc;

use commands::clock::Clock;
use cqrs_es::CqrsFramework;
use domain::voucher::{Voucher, VoucherCommand};
use postgres_es::{PostgresCqrs, postgres_cqrs};
use sqlx::postgres::PgPool;
use tests::servers::{Database, postgres};

use super::{pool, prepay, redeem, voucher};

/// The table of postgres-es, as its `db/init.sql` makes it.
const TABLE: &str = "CREATE TABLE events (
    aggregate_type text NOT NULL, aggregate_id text NOT NULL,
    sequence bigint CHECK (sequence >= 0) NOT NULL, event_type text NOT NULL,
    event_version text NOT NULL, payload json NOT NULL, metadata json NOT NULL,
    PRIMARY KEY (aggregate_type, aggregate_id, sequence))";

/// A service on stock postgres-es.
pub struct PostgresEs {
    cqrs: Arc<PostgresCqrs<Voucher>>,
    clock: Clock,
    pool: PgPool,
    _database: Database,
}

impl PostgresEs {
    pub async fn start() -> Self {
        let database = postgres().database().await;
        let pool = pool(database.owner_url()).await;
        sqlx::query(TABLE).execute(&pool).await.expect("a table");
        let cqrs: CqrsFramework<_, _> = postgres_cqrs(pool.clone(), Vec::new(), ());
        Self {
            cqrs: Arc::new(cqrs),
            clock: Clock::system(),
            pool,
            _database: database,
        }
    }

    /// Forgets what was done, so that vouchers may be prepaid again.
    pub async fn forget(&self) {
        let forget = sqlx::query("TRUNCATE events").execute(&self.pool);
        forget.await.expect("an empty table");
    }

    /// The act whose turn it is.
    pub async fn act(&self, client: usize, acted: usize) {
        let (id, at) = (voucher(client, acted), self.clock.now());
        let command: VoucherCommand = if acted.is_multiple_of(2) {
            prepay(id, at).into()
        } else {
            redeem(id, at).into()
        };
        let id = id.to_string();
        let done = self.cqrs.execute_with_metadata(&id, command, metadata());
        done.await.expect("an act that is done");
    }
}

/// What stands in our envelope too.
fn metadata() -> HashMap<String, String> {
    [
        ("actor", "00000000-0000-4000-8000-000000000001"),
        ("role", "operator"),
        ("channel", "counter"),
        ("command_id", "00000000-0000-4000-8000-000000000002"),
        ("correlation", "00000000-0000-4000-8000-000000000002"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}
