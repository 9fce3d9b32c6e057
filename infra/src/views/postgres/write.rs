//! Rows as columns: one array per column, whatever the number of rows.

use std::fmt::Write as _;

use projections::store::{Arg, Change, Checkpoint, Copy};
use projections::table::{Column, ColumnKind, Table};
use sqlx::postgres::{PgArguments, PgConnection, PgPool};
use sqlx::query::Query;
use sqlx::{Postgres, Row as _};

use crate::postgres::copy::{END, HEADER};
use crate::views::{assignments, columns, physical};

/// The most rows of one statement.
const MOST_ROWS: usize = 10_000;
/// How many rows are copied at once.
const COPIED_AT_ONCE: usize = 200;

/// What moves a checkpoint from `$6` on, with the values of [`moving`].
pub(super) const MOVE: &str = "UPDATE views.read_model_copy
     SET log_id = $1, position = $2, leaf_hash = $3, recorded_at = $4
     WHERE number = $5 AND position = $6";
/// How many values those are.
const OF_MOVE: usize = 6;

/// Whether all changes are so small that one statement writes them.
pub(super) fn are_few(changes: &[Change]) -> bool {
    let rows = changes
        .iter()
        .map(|change| change.rows.len() + change.deleted.len());
    rows.sum::<usize>() <= MOST_ROWS && changes.iter().all(|change| !change.new)
}

/// Moves the checkpoint and writes all changes in one statement, which is a transaction of its own and
/// does not wait for the disk: one message to the server and one back, where each part by itself would
/// take longer to be sent than to be done. Says whether the copy still stood at `from`.
pub(super) async fn write_at_once(
    on: &PgPool,
    copy: &Copy,
    from: i64,
    next: &Checkpoint,
    changes: &[Change],
) -> Result<bool, sqlx::Error> {
    let sql = all_in_one(copy, changes);
    let mut write = moving(sqlx::query(&sql), copy, from, next);
    for change in changes {
        if !change.deleted.is_empty() {
            write = write.bind(&change.deleted);
        }
        if !change.rows.is_empty() {
            write = bind_columns(write, &change.table, &change.rows);
        }
    }
    let moved: i64 = write.fetch_one(on).await?.try_get(0)?;
    Ok(moved > 0)
}

/// Nothing is written unless the checkpoint moved, so it moves first.
fn all_in_one(copy: &Copy, changes: &[Change]) -> String {
    let mut sql = format!("WITH moved AS ({MOVE} RETURNING 1)");
    let mut number = OF_MOVE + 1;
    for (change, place) in changes.iter().zip(0..) {
        let physical = physical(&change.table, copy);
        if !change.deleted.is_empty() {
            let _ = write!(
                sql,
                ", deleted_{place} AS (DELETE FROM views.{physical}
                   WHERE key = ANY(${number}) AND EXISTS (SELECT FROM moved))"
            );
            number += 1;
        }
        if !change.rows.is_empty() {
            let upsert = upsert(
                &physical,
                &change.table,
                number,
                "WHERE EXISTS (SELECT FROM moved)",
            );
            let _ = write!(sql, ", written_{place} AS ({upsert})");
            number += change.table.columns.len();
        }
    }
    sql.push_str(" SELECT count(*), set_config('synchronous_commit', 'off', TRUE) FROM moved");
    sql
}

/// Binds the values of [`MOVE`].
pub(super) fn moving<'q>(
    query: Query<'q, Postgres, PgArguments>,
    copy: &Copy,
    from: i64,
    next: &'q Checkpoint,
) -> Query<'q, Postgres, PgArguments> {
    query
        .bind(next.log_id)
        .bind(next.position)
        .bind(&next.leaf_hash)
        .bind(next.recorded_at.timestamp_micros())
        .bind(copy.number)
        .bind(from)
}

/// Writes rows whose columns are arrays, the first of them `$first`.
fn upsert(physical: &str, table: &Table, first: usize, condition: &str) -> String {
    format!(
        "INSERT INTO views.{physical} ({}) SELECT {} {condition}
         ON CONFLICT (key) DO UPDATE SET {}",
        columns(table),
        arrays(table, first),
        assignments(table)
    )
}

/// Writes the changes of one table.
pub(super) async fn write(
    on: &mut PgConnection,
    copy: &Copy,
    change: &Change,
) -> Result<(), sqlx::Error> {
    let physical = physical(&change.table, copy);
    if !change.deleted.is_empty() {
        let sql = format!("DELETE FROM views.{physical} WHERE key = ANY($1)");
        let delete = sqlx::query(&sql).bind(&change.deleted);
        delete.execute(&mut *on).await?;
    }
    if change.rows.is_empty() {
        return Ok(());
    }
    if change.new {
        return copy_in(on, &physical, &columns(&change.table), &change.rows).await;
    }
    let sql = upsert(&physical, &change.table, 1, "");
    for rows in change.rows.chunks(MOST_ROWS) {
        let upsert = bind_columns(sqlx::query(&sql), &change.table, rows);
        upsert.execute(&mut *on).await?;
    }
    Ok(())
}

/// Rows that are not there yet, which costs a third of asking whether they are.
async fn copy_in(
    on: &mut PgConnection,
    physical: &str,
    columns: &str,
    rows: &[Vec<Arg>],
) -> Result<(), sqlx::Error> {
    let sql = format!("COPY views.{physical} ({columns}) FROM STDIN (FORMAT binary)");
    let mut copy = on.copy_in_raw(&sql).await?;
    for (rows, number) in rows.chunks(COPIED_AT_ONCE).zip(0..) {
        let mut sent = if number == 0 {
            HEADER.to_vec()
        } else {
            Vec::new()
        };
        for row in rows {
            push(&mut sent, row)?;
        }
        copy.send(sent).await?;
    }
    copy.send(END).await?;
    copy.finish().await.map(drop)
}

/// A row in COPY's binary format: how many values, then each with its length.
fn push(sent: &mut Vec<u8>, row: &[Arg]) -> Result<(), sqlx::Error> {
    let too_long = |error: std::num::TryFromIntError| sqlx::Error::Encode(error.into());
    sent.extend(i16::try_from(row.len()).map_err(too_long)?.to_be_bytes());
    for value in row {
        match value {
            Arg::Text(text) => {
                sent.extend(i32::try_from(text.len()).map_err(too_long)?.to_be_bytes());
                sent.extend(text.as_bytes());
            }
            Arg::Integer(number) => {
                sent.extend(8_i32.to_be_bytes());
                sent.extend(number.to_be_bytes());
            }
            Arg::Null => sent.extend((-1_i32).to_be_bytes()),
        }
    }
    Ok(())
}

/// One parameter per column, an array each. Unnested in `FROM`, all would be stored row by row first.
fn arrays(table: &Table, first: usize) -> String {
    let array = |(column, number): (&Column, usize)| match column.kind {
        ColumnKind::Text => format!("unnest(${number}::text[])"),
        ColumnKind::Integer => format!("unnest(${number}::bigint[])"),
    };
    let columns: Vec<_> = table.columns.iter().zip(first..).map(array).collect();
    columns.join(", ")
}

fn bind_columns<'q>(
    upsert: Query<'q, Postgres, PgArguments>,
    table: &Table,
    rows: &'q [Vec<Arg>],
) -> Query<'q, Postgres, PgArguments> {
    let columns = table.columns.iter().enumerate();
    columns.fold(upsert, |upsert, (place, column)| {
        let values = rows.iter().map(|row| row.get(place));
        match column.kind {
            ColumnKind::Text => upsert.bind(values.map(text).collect::<Vec<_>>()),
            ColumnKind::Integer => upsert.bind(values.map(integer).collect::<Vec<_>>()),
        }
    })
}

fn text(value: Option<&Arg>) -> Option<&str> {
    match value? {
        Arg::Text(text) => Some(text),
        Arg::Integer(_) | Arg::Null => None,
    }
}

fn integer(value: Option<&Arg>) -> Option<i64> {
    match value? {
        Arg::Integer(number) => Some(*number),
        Arg::Text(_) | Arg::Null => None,
    }
}
