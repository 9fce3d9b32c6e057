//! Rows as they are bound to statements that stay prepared.

use projections::store::{Arg, Change, Copy};
use projections::table::Table;
use sqlx::sqlite::SqliteConnection;

use crate::views::{assignments, columns, physical};

/// Writes the changes of one table.
pub(super) async fn write(
    on: &mut SqliteConnection,
    copy: &Copy,
    change: &Change,
) -> Result<(), sqlx::Error> {
    let physical = physical(&change.table, copy);
    if !change.deleted.is_empty() {
        let sql = format!("DELETE FROM {physical} WHERE key IN (SELECT value FROM json_each($1))");
        let keys = serde_json::to_string(&change.deleted).unwrap_or_default();
        sqlx::query(&sql).bind(keys).execute(&mut *on).await?;
    }
    if change.rows.is_empty() {
        return Ok(());
    }
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
