//! Rows as columns: one array per column, whatever the number of rows.

use projections::store::{Arg, Change, Copy};
use projections::table::{Column, ColumnKind, Table};
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;

use crate::postgres::copy::{END, HEADER};
use crate::views::{assignments, columns, physical};

/// The most rows of one statement.
const MOST_ROWS: usize = 10_000;
/// How many rows are sent at once.
const COPIED_AT_ONCE: usize = 200;

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
    let columns = columns(&change.table);
    if change.new {
        return copy_in(on, &physical, &columns, &change.rows).await;
    }
    let sql = format!(
        "INSERT INTO views.{physical} ({columns}) SELECT {}
         ON CONFLICT (key) DO UPDATE SET {}",
        arrays(&change.table),
        assignments(&change.table)
    );
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
fn arrays(table: &Table) -> String {
    let array = |(column, number): (&Column, usize)| match column.kind {
        ColumnKind::Text => format!("unnest(${number}::text[])"),
        ColumnKind::Integer => format!("unnest(${number}::bigint[])"),
    };
    let columns: Vec<_> = table.columns.iter().zip(1..).map(array).collect();
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
