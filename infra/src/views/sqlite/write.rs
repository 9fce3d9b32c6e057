//! Rows as JSON where they are few, and as values of statements that stay prepared where they are many.

use projections::store::{Arg, Change, Copy};
use projections::table::Table;
use sqlx::query::Query;
use sqlx::sqlite::SqliteConnection;

use crate::views::{assignments, columns, physical};

/// Up to so many rows are written by one statement, as JSON. Every statement wakes another thread and waits
/// for it, which takes longer than all else where few rows change; JSON takes half as long again for
/// each row.
const FEW: usize = 1_000;

/// Writes the changes of a read model.
pub(super) async fn write(
    on: &mut SqliteConnection,
    copy: &Copy,
    changes: &[Change],
) -> Result<(), sqlx::Error> {
    let many = |change: &&Change| change.rows.len() > FEW;
    for change in changes.iter().filter(many) {
        upsert_all(on, copy, change).await?;
    }
    let (mut sql, mut values) = (String::new(), Vec::new());
    for change in changes {
        let physical = physical(&change.table, copy);
        if !change.deleted.is_empty() {
            let delete =
                format!("DELETE FROM {physical} WHERE key IN (SELECT value FROM json_each(?));");
            sql.push_str(&delete);
            values.push(json(&change.deleted)?);
        }
        if !change.rows.is_empty() && !many(&change) {
            sql.push_str(&upsert_json(&physical, &change.table));
            values.push(json(&change.rows)?);
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

/// Writes many rows of one table as values of prepared statements.
async fn upsert_all(
    on: &mut SqliteConnection,
    copy: &Copy,
    change: &Change,
) -> Result<(), sqlx::Error> {
    let physical = physical(&change.table, copy);
    let mut rows = change.rows.as_slice();
    while !rows.is_empty() {
        // Few sizes, so that their statements stay prepared.
        let size = [64, 8, 1].into_iter().find(|size| *size <= rows.len());
        let (now, later) = rows.split_at(size.unwrap_or(1));
        let sql = upsert(&physical, &change.table, now.len());
        let values = now.iter().flatten();
        let query = values.fold(sqlx::query(&sql), |query, value| match value {
            Arg::Text(text) => query.bind(text),
            Arg::Integer(number) => query.bind(number),
            Arg::Null => query.bind(Option::<String>::None),
        });
        query.execute(&mut *on).await?;
        rows = later;
    }
    Ok(())
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
