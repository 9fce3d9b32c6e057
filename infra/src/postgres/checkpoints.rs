//! The checkpoints of reactions and other jobs.

use commands::log::LogError;
use commands::reaction::ports::{Checkpoint, Checkpoints};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::error::log_error;
use super::log::PgLog;

impl Checkpoints for PgLog {
    fn load(&self, name: String) -> BoxFuture<'_, Result<Option<Checkpoint>, LogError>> {
        load(self, name).boxed()
    }

    fn save(&self, name: String, checkpoint: Checkpoint) -> BoxFuture<'_, Result<(), LogError>> {
        save(self, name, checkpoint).boxed()
    }
}

async fn load(log: &PgLog, name: String) -> Result<Option<Checkpoint>, LogError> {
    let row: Option<(i64, [u8; 32])> =
        sqlx::query_as("SELECT position, leaf_hash FROM log.checkpoints WHERE name = $1")
            .bind(name)
            .fetch_optional(log.readers())
            .await
            .map_err(|e| log_error(&e))?;
    Ok(row.map(|(position, leaf_hash)| Checkpoint {
        position,
        leaf_hash,
    }))
}

async fn save(log: &PgLog, name: String, checkpoint: Checkpoint) -> Result<(), LogError> {
    sqlx::query("SELECT log.save_checkpoint($1, $2, $3)")
        .bind(name)
        .bind(checkpoint.position)
        .bind(checkpoint.leaf_hash)
        .execute(log.readers())
        .await
        .map(|_| ())
        .map_err(|e| log_error(&e))
}
