//! Rows as values of statements that stay prepared, and the last few of all tables as JSON.

use std::fmt::Write as _;

use projections::store::{Arg, Change, Copy};
use projections::table::Table;
use sqlx::query::Query;
use sqlx::sqlite::SqliteConnection;

use crate::views::{assignments, columns, physical};

/// How many rows one prepared statement writes: few sizes, so that all stay prepared.
const SIZES: [usize; 3] = [256, 64, 16];

/// Writes the changes of a read model: rows in the sizes of prepared statements, and then what is left of
/// all tables as JSON at once. Every statement wakes another thread and waits for it, which takes as
/// long as writing some rows; JSON takes half as long again for each row.
pub(super) async fn write(
    on: &mut SqliteConnection,
    copy: &Copy,
    changes: &[Change],
) -> Result<(), sqlx::Error> {
    let (mut sql, mut values) = (String::new(), Vec::new());
    for change in changes {
        let physical = physical(&change.table, copy);
        if !change.deleted.is_empty() {
            let keys = "key IN (SELECT value FROM json_each(?))";
            let _ = write!(sql, "DELETE FROM {physical} WHERE {keys};");
            values.push(json(&change.deleted)?);
        }
        let left = upsert_most(on, &physical, change).await?;
        if !left.is_empty() {
            sql.push_str(&upsert_json(&physical, &change.table));
            values.push(json(&left)?);
        }
    }
    if values.is_empty() {
        return Ok(());
    }
    let write = values.into_iter().fold(sqlx::query(&sql), Query::bind);
    write.execute(on).await.map(drop)
}

fn json(values: &impl serde::Serialize) -> Result<String, sqlx::Error> {
    serde_json::to_string(values).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// Writes the rows of a JSON array, each an array of the columns' values.
fn upsert_json(physical: &str, table: &Table) -> String {
    let value = |place| format!("value->>{place}");
    let values: Vec<_> = (0..table.columns.len()).map(value).collect();
    // Without WHERE, ON would belong to a join.
    format!(
        "INSERT INTO {physical} ({}) SELECT {} FROM json_each(?) WHERE TRUE
         ON CONFLICT (key) DO UPDATE SET {};",
        columns(table),
        values.join(","),
        assignments(table)
    )
}

/// Writes rows as values of prepared statements; answers with those that are too few for one.
async fn upsert_most<'c>(
    on: &mut SqliteConnection,
    physical: &str,
    change: &'c Change,
) -> Result<&'c [Vec<Arg>], sqlx::Error> {
    let mut rows = change.rows.as_slice();
    for size in SIZES {
        if rows.len() < size {
            continue;
        }
        let sql = upsert(physical, &change.table, size);
        while let Some((now, later)) = rows.split_at_checked(size) {
            let values = now.iter().flatten();
            let query = values.fold(sqlx::query(&sql), |query, value| match value {
                Arg::Text(text) => query.bind(text),
                Arg::Integer(number) => query.bind(number),
                Arg::Null => query.bind(Option::<String>::None),
            });
            query.execute(&mut *on).await?;
            rows = later;
        }
    }
    Ok(rows)
}

/// Writes so many rows, whatever stood under their keys.
fn upsert(physical: &str, table: &Table, rows: usize) -> String {
    let row = format!("({})", vec!["?"; table.columns.len()].join(","));
    format!(
        "INSERT INTO {physical} ({}) VALUES {} ON CONFLICT (key) DO UPDATE SET {}",
        columns(table),
        vec![row.as_str(); rows].join(","),
        assignments(table)
    )
}
