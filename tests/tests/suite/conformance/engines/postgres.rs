use std::any::Any;

use infra::postgres::PgLog;
use sqlx::{Connection, PgConnection};
use tests::servers::{Database, postgres};

use super::super::{Handle, Harness};

struct Server(Database);

pub async fn open(url: &str) -> Handle {
    Handle::of(PgLog::connect(url).await.expect("a log"))
}

impl Harness for Server {
    async fn fresh() -> Self {
        Self(postgres().database().await)
    }

    async fn open(&self) -> Handle {
        open(self.0.owner_url()).await
    }

    async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        // Not even a superuser, and not even in the role of a replica, where triggers sleep.
        let url = self.0.superuser_url();
        let mut connection = PgConnection::connect(url).await.expect("a connection");
        let session = "SET search_path = log; SET session_replication_role = replica";
        sqlx::raw_sql(session)
            .execute(&mut connection)
            .await
            .expect("a session");
        sqlx::raw_sql(sql).execute(&mut connection).await.map(drop)
    }

    async fn slow_transaction(&self) -> Box<dyn Any + Send> {
        let url = self.0.superuser_url();
        let mut connection = PgConnection::connect(url).await.expect("a connection");
        // It has an id of its own, behind which readers by transaction id would wait.
        sqlx::raw_sql("BEGIN; SELECT txid_current(); SELECT count(*) FROM log.events")
            .execute(&mut connection)
            .await
            .expect("a transaction");
        Box::new(connection)
    }

    fn address(&self) -> Option<String> {
        Some(self.0.owner_url().to_owned())
    }
}

conformance!(Server);

#[tokio::test]
async fn nobody_truncates_the_events() {
    let server = Server::fresh().await;
    let _open = server.open().await;
    assert!(server.tamper("TRUNCATE events").await.is_err());
    assert!(server.tamper("TRUNCATE events CASCADE").await.is_err());
}
