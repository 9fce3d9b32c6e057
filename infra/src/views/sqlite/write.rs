//! Rows by statements that stay prepared, one row at a time: on the connection's own thread another row
//! costs no more than its values.

use projections::store::{Arg, Change, Copy};
use projections::table::{Column, Table};
use rusqlite::{Connection, params_from_iter};

use super::answer::value;
use crate::views::{assignment, assignments, columns, physical};

/// Writes the changes of a read model.
pub(super) fn write(on: &Connection, copy: &Copy, changes: &[Change]) -> rusqlite::Result<()> {
    for change in changes {
        let (table, physical) = (&change.table, physical(&change.table, copy));
        let (anywhere, in_place) = change.rows.split_at(change.rows.len() - change.in_place);
        for (rows, set) in [(anywhere, assignments(table)), (in_place, unplaced(table))] {
            upsert(on, &physical, table, &set, rows)?;
        }
        if !change.deleted.is_empty() {
            let delete = format!("DELETE FROM {physical} WHERE key = ?");
            let mut delete = on.prepare_cached(&delete)?;
            for key in &change.deleted {
                delete.execute([key])?;
            }
        }
    }
    Ok(())
}

/// The assignments of an upsert of rows that stay in their places in all indexes. A column that is set is
/// taken out of its indexes and put in again, even where it stays the same.
fn unplaced(table: &Table) -> String {
    let is_placed = |column: &Column| {
        let mut places = table.indexes.iter().flat_map(|index| index.split(", "));
        places.any(|place| place == column.name)
    };
    let free = table.columns.iter().skip(1);
    let free = free.filter(|column| !is_placed(column));
    free.map(assignment).collect::<Vec<_>>().join(", ")
}

fn upsert(
    on: &Connection,
    physical: &str,
    table: &Table,
    set: &str,
    rows: &[Vec<Arg>],
) -> rusqlite::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let otherwise = match set {
        "" => "NOTHING".to_owned(),
        some => format!("UPDATE SET {some}"),
    };
    let mut upsert = on.prepare_cached(&format!(
        "INSERT INTO {physical} ({}) VALUES ({}) ON CONFLICT (key) DO {otherwise}",
        columns(table),
        vec!["?"; table.columns.len()].join(","),
    ))?;
    for row in rows {
        upsert.execute(params_from_iter(row.iter().map(value)))?;
    }
    Ok(())
}
