//! The numbered copies of a read model's tables: made, shown to queries, forgotten.

use projections::fold::Model;
use projections::store::{Checkpoint, Copy};
use projections::table::Table;
use rusqlite::{Connection, params};

use crate::views::{OLDER, SHOW, declarations, indexes, physical};

pub(super) fn make_copy(on: &Connection, model: Model, tables: &[Table]) -> rusqlite::Result<Copy> {
    let start = Checkpoint::start();
    on.execute(
        "INSERT INTO read_model_copy (name, version, log_id, position, leaf_hash, recorded_at)
         VALUES ($1, $2, $3, 0, '', 0)",
        params![model.name, model.version, start.log_id.to_string()],
    )?;
    let copy = Copy {
        name: model.name,
        number: on.last_insert_rowid(),
    };
    for table in tables {
        let physical = physical(table, &copy);
        let declarations = declarations(table, "TEXT", "INTEGER");
        // With row ids rows lie in the order in which they came, those of one time together; by
        // their keys, which are ids, each would be on a page of its own.
        let make = format!("CREATE TABLE {physical} ({declarations}, PRIMARY KEY (key))");
        on.execute(&make, [])?;
    }
    Ok(copy)
}

/// Apart from the tables, because rows go into a table without them twice as fast.
pub(super) fn make_indexes(on: &Connection, copy: &Copy, table: &Table) -> rusqlite::Result<()> {
    for make in indexes(table, copy) {
        on.execute(&make, [])?;
    }
    Ok(())
}

/// Makes this copy the one that queries see.
pub(super) fn show(on: &Connection, copy: &Copy, tables: &[Table]) -> rusqlite::Result<()> {
    on.execute(SHOW, params![copy.name, copy.number])?;
    for table in tables {
        let (name, physical) = (table.name, physical(table, copy));
        on.execute(&format!("DROP VIEW IF EXISTS {name}"), [])?;
        let show = format!("CREATE VIEW {name} AS SELECT * FROM {physical}");
        on.execute(&show, [])?;
    }
    Ok(())
}

/// The copies of this read model that were begun before this one.
pub(super) fn older(on: &Connection, copy: &Copy) -> rusqlite::Result<Vec<Copy>> {
    let mut older = on.prepare(OLDER)?;
    let name = copy.name;
    let older = older.query_map(params![name, copy.number], |row| {
        let number = row.get(0)?;
        Ok(Copy { name, number })
    })?;
    older.collect()
}

pub(super) fn forget(on: &Connection, copy: &Copy, tables: &[Table]) -> rusqlite::Result<()> {
    for table in tables {
        let drop = format!("DROP TABLE IF EXISTS {}", physical(table, copy));
        on.execute(&drop, [])?;
    }
    let delete = "DELETE FROM read_model_copy WHERE number = $1";
    on.execute(delete, [copy.number])?;
    Ok(())
}
