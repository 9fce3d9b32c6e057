//! Rows as columns: one array per column, whatever the number of rows.

use projections::store::{Arg, Change, Copy};
use projections::table::{Column, ColumnKind, Table};
use sqlx::Postgres;
use sqlx::postgres::{PgArguments, PgConnection};
use sqlx::query::Query;

use crate::views::{assignments, columns, physical};

/// The most rows of one statement.
const MOST_ROWS: usize = 10_000;

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
    let sql = format!(
        "INSERT INTO views.{physical} ({columns}) SELECT * FROM unnest({})
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

/// One parameter per column, an array each.
fn arrays(table: &Table) -> String {
    let array = |(column, number): (&Column, usize)| match column.kind {
        ColumnKind::Text => format!("${number}::text[]"),
        ColumnKind::Integer => format!("${number}::bigint[]"),
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
