//! Rows as values of statements that stay prepared, and the last few of all tables as JSON.

use std::fmt::Write as _;

use projections::store::{Arg, Change, Copy};
use projections::table::{Column, Table};
use sqlx::query::Query;
use sqlx::sqlite::SqliteConnection;

use crate::views::{assignment, assignments, columns, physical};

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
        let (anywhere, in_place) = change.rows.split_at(change.rows.len() - change.in_place);
        for (rows, upsert) in [
            (anywhere, Upsert::anywhere(&physical, &change.table)),
            (in_place, Upsert::in_place(&physical, &change.table)),
        ] {
            let left = upsert.write_most(on, rows).await?;
            if !left.is_empty() {
                sql.push_str(&upsert.of_json());
                values.push(json(&left)?);
            }
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

/// A table, and what becomes of a row under whose key there is one.
struct Upsert<'a> {
    physical: String,
    table: &'a Table,
    otherwise: String,
}

impl<'a> Upsert<'a> {
    /// For rows that stand wherever they stand.
    fn anywhere(physical: &str, table: &'a Table) -> Self {
        Self::setting(&assignments(table), physical, table)
    }

    /// For rows that stay in their places in all indexes. A column that is set is taken out of its
    /// indexes and put in again, even where it stays the same.
    fn in_place(physical: &str, table: &'a Table) -> Self {
        let is_placed = |column: &Column| {
            let mut places = table.indexes.iter().flat_map(|index| index.split(", "));
            places.any(|place| place == column.name)
        };
        let free = table.columns.iter().skip(1);
        let free = free.filter(|column| !is_placed(column));
        let set: Vec<_> = free.map(assignment).collect();
        Self::setting(&set.join(", "), physical, table)
    }

    fn setting(assignments: &str, physical: &str, table: &'a Table) -> Self {
        let otherwise = match assignments {
            "" => "NOTHING".to_owned(),
            some => format!("UPDATE SET {some}"),
        };
        Self {
            physical: physical.to_owned(),
            table,
            otherwise,
        }
    }

    /// Writes the rows of a JSON array, each an array of the columns' values.
    fn of_json(&self) -> String {
        let value = |place| format!("value->>{place}");
        let values: Vec<_> = (0..self.table.columns.len()).map(value).collect();
        // Without WHERE, ON would belong to a join.
        format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each(?) WHERE TRUE
             ON CONFLICT (key) DO {};",
            self.physical,
            columns(self.table),
            values.join(","),
            self.otherwise
        )
    }

    /// Writes so many rows.
    fn of_values(&self, rows: usize) -> String {
        let row = format!("({})", vec!["?"; self.table.columns.len()].join(","));
        format!(
            "INSERT INTO {} ({}) VALUES {} ON CONFLICT (key) DO {}",
            self.physical,
            columns(self.table),
            vec![row.as_str(); rows].join(","),
            self.otherwise
        )
    }

    /// Writes rows as values of prepared statements; answers with those that are too few for one.
    async fn write_most<'r>(
        &self,
        on: &mut SqliteConnection,
        mut rows: &'r [Vec<Arg>],
    ) -> Result<&'r [Vec<Arg>], sqlx::Error> {
        for size in SIZES {
            if rows.len() < size {
                continue;
            }
            let sql = self.of_values(size);
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
}
