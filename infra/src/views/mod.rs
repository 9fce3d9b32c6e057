//! Read stores: the tables of read models, on both engines.
//!
//! Each read model's tables exist in numbered copies; queries see one of them through views with
//! the declared names, so that a rebuilt copy is switched in with one transaction.

mod analysts;
pub mod log;
pub mod postgres;
pub mod sqlite;

use projections::store::Copy;
use projections::table::{Column, ColumnKind, Table};

/// How many statements a connection keeps prepared: some fifty tables have three or four each, which
/// come by turns, so that with fewer places all of them would be prepared anew every time.
pub(crate) const STATEMENTS: usize = 256;

/// The physical name of a table of a copy.
fn physical(table: &Table, copy: &Copy) -> String {
    format!("{}__{}", table.name, copy.number)
}

/// The copy that queries see: its number, and the version that made it.
const LIVE: &str = "SELECT c.number, c.version FROM read_model m
     JOIN read_model_copy c ON c.number = m.live WHERE m.name = $1";

/// The same with its checkpoint, if `$2` made it.
const LIVE_CHECKPOINT: &str = "SELECT c.log_id, c.position, c.leaf_hash, c.recorded_at
     FROM read_model m JOIN read_model_copy c ON c.number = m.live
     WHERE m.name = $1 AND c.version = $2";

/// The copies of `$1` that were begun before copy `$2`.
const OLDER: &str = "SELECT number FROM read_model_copy WHERE name = $1 AND number < $2";

/// Makes a copy the one that queries see: `$1` is the read model, `$2` the number.
const SHOW: &str = "INSERT INTO read_model (name, live) VALUES ($1, $2)
     ON CONFLICT (name) DO UPDATE SET live = excluded.live";

/// What makes the indexes of a table of a copy, where they are not there yet.
fn indexes(table: &Table, copy: &Copy) -> impl Iterator<Item = String> {
    let physical = physical(table, copy);
    let indexes = table.indexes.iter().enumerate();
    indexes.map(move |(place, index)| {
        format!("CREATE INDEX IF NOT EXISTS {physical}_{place} ON {physical} ({index})")
    })
}

/// The column names, separated by commas.
fn columns(table: &Table) -> String {
    let names: Vec<_> = table.columns.iter().map(|column| column.name).collect();
    names.join(", ")
}

/// The columns as a table declares them; `text` and `integer` are the engine's types.
fn declarations(table: &Table, text: &str, integer: &str) -> String {
    let declare = |column: &Column| {
        let kind = match column.kind {
            ColumnKind::Text => text,
            ColumnKind::Integer => integer,
        };
        let null = if column.nullable { "" } else { " NOT NULL" };
        format!("{} {kind}{null}", column.name)
    };
    table
        .columns
        .iter()
        .map(declare)
        .collect::<Vec<_>>()
        .join(", ")
}

/// What an upsert makes of a column.
fn assignment(column: &Column) -> String {
    format!("{0} = excluded.{0}", column.name)
}

/// The assignments of an upsert of all columns.
fn assignments(table: &Table) -> String {
    let but_key = table.columns.iter().skip(1);
    but_key.map(assignment).collect::<Vec<_>>().join(", ")
}
