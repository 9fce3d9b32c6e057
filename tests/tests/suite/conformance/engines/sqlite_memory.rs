use std::any::Any;

use infra::sqlite::SqliteLog;

use super::super::{Handle, Harness};

struct Memory(Handle, sqlx::SqlitePool);

impl Harness for Memory {
    async fn fresh() -> Self {
        let log = SqliteLog::memory().await.expect("memory");
        let pool = log.database().writer.clone();
        Self(Handle::of(log), pool)
    }

    async fn open(&self) -> Handle {
        self.0.clone()
    }

    async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(&self.1).await.map(drop)
    }

    async fn slow_transaction(&self) -> Box<dyn Any + Send> {
        // There is one connection, so nobody else can hold one.
        Box::new(())
    }

    fn address(&self) -> Option<String> {
        None
    }
}

conformance!(Memory);
