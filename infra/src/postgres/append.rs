//! One batch of commands as one call of `log.append`, see `append.sql`.

use std::time::Duration;

use commands::clock::Clock;
use commands::log::{Append, Appended, KeptAnswer, LogError};
use futures::FutureExt as _;
use futures::future::BoxFuture;
use sqlx::Row as _;
use sqlx::postgres::{PgPool, PgRow};
use uuid::Uuid;

use super::error::log_error;
use crate::group_commit::{Engine, Failed};

mod rows;

use rows::Rows;

/// How many batches of one process are under way at once.
pub(super) const WRITERS: u8 = 2;
/// How long a call may take; the server gives up a little later. Then nobody knows what became
/// of it.
const LONGEST_CALL: Duration = Duration::from_secs(15);

/// The writer, on connections that no reader can take.
pub(super) struct PgAppend {
    pub log_id: Uuid,
    pub pool: PgPool,
    pub clock: Clock,
}

impl Engine for PgAppend {
    fn commit<'a>(&'a self, batch: &'a [Append]) -> BoxFuture<'a, Result<Vec<Appended>, Failed>> {
        self.call(batch).boxed()
    }

    /// One holds the lock on the head, the other is on its way to it.
    fn at_once(&self) -> usize {
        usize::from(WRITERS)
    }

    fn answer(&self, command_id: Uuid) -> BoxFuture<'_, Result<Option<KeptAnswer>, LogError>> {
        super::lookup::answer(&self.pool, command_id).boxed()
    }
}

impl PgAppend {
    async fn call(&self, batch: &[Append]) -> Result<Vec<Appended>, Failed> {
        let rows = Rows::of(batch, self.log_id);
        let connection = self.pool.acquire().await;
        // Whoever was not reached has written nothing.
        let mut connection = connection.map_err(|e| Failed::NothingWritten(log_error(&e)))?;
        // Only now: waiting for a connection is no fault of anybody's clock.
        let query = rows.bind(sqlx::query(CALL).bind(self.clock.now()));
        let call = query.fetch_all(&mut *connection);
        match tokio::time::timeout(LONGEST_CALL, call).await {
            Ok(Ok(answers)) => read(batch, &answers).map_err(Failed::NotKnown),
            Ok(Err(error)) => Err(match log_error(&error) {
                LogError::Unavailable => Failed::NotKnown(LogError::Unavailable),
                error => Failed::NothingWritten(error),
            }),
            Err(_late) => {
                // Its answer may still come: nobody else may be given this connection.
                drop(connection.detach());
                Err(Failed::NotKnown(LogError::Unavailable))
            }
        }
    }
}

const CALL: &str = "
    SELECT command, verdict, reached, kept_request_hash, kept_body, kept_for_ever
    FROM log.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
        $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35,
        $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, $48, $49)";

/// The answers in the order of the batch, each command exactly once.
fn read(batch: &[Append], rows: &[PgRow]) -> Result<Vec<Appended>, LogError> {
    let mut answers: Vec<Option<Appended>> = vec![None; batch.len()];
    for row in rows {
        let command: i32 = row.try_get(0).map_err(|e| log_error(&e))?;
        let place = usize::try_from(command - 1).unwrap_or(usize::MAX);
        let answer = appended(row, batch.get(place)).map_err(|e| log_error(&e))?;
        if let Some(slot) = answers.get_mut(place) {
            *slot = answer;
        }
    }
    answers
        .into_iter()
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| LogError::Broken("log.append did not answer every command".to_owned()))
}

fn appended(row: &PgRow, append: Option<&Append>) -> sqlx::Result<Option<Appended>> {
    let position = row.try_get(2)?;
    Ok(match row.try_get(1)? {
        "done" => Some(Appended::Done { position }),
        "stale" => Some(Appended::Stale),
        "lookup_taken" => Some(Appended::LookupTaken),
        "key_taken" => match append.and_then(|append| append.answer.as_ref()) {
            None => None,
            Some(sent) => Some(Appended::KeyTaken(KeptAnswer {
                command_id: sent.command_id,
                request_hash: row.try_get(3)?,
                body: row.try_get(4)?,
                for_ever: row.try_get(5)?,
                position,
            })),
        },
        _ => None,
    })
}
