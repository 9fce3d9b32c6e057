//! What differs between two states of a read model: rows that came, went or changed.

use std::cmp::Ordering;

use serde::Serialize;
use serde_json::{Map, Value};

use super::state::{Line, Lines};
use crate::store::StoreError;

/// A row that is not the same in both states.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The table.
    pub table: String,
    /// The row's key.
    pub key: String,
    /// What became of it.
    #[serde(flatten)]
    pub what: What,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// It is in the second state only.
    Came {
        /// The row.
        row: Map<String, Value>,
    },
    /// It is in the first state only.
    Went {
        /// The row.
        row: Map<String, Value>,
    },
    /// It is in both and not the same.
    Changed {
        /// The columns that differ.
        columns: Vec<ColumnChange>,
    },
}

/// A column that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnChange {
    /// Its name.
    pub column: String,
    /// What it was in the first state.
    pub from: Value,
    /// What it is in the second.
    pub to: Value,
}

/// How many rows differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Count {
    /// In the second state only.
    pub came: u64,
    /// In the first state only.
    pub went: u64,
    /// In both and not the same.
    pub changed: u64,
    /// In both and the same.
    pub same: u64,
}

impl Count {
    /// Whether both states are the same.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.came + self.went + self.changed == 0
    }
}

/// Walks through both states side by side and tells each row that differs. Holds one row of each.
///
/// # Errors
/// If a state cannot be read to its end, or `tell` fails.
pub async fn diff(
    tables: &[String],
    first: &mut dyn Lines,
    second: &mut dyn Lines,
    mut tell: impl FnMut(&Difference) -> Result<(), StoreError>,
) -> Result<Count, StoreError> {
    let mut count = Count::default();
    let (mut old, mut new) = (first.next().await?, second.next().await?);
    loop {
        let order = match (&old, &new) {
            (None, None) => return Ok(count),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => place(old).cmp(&place(new)),
        };
        let gone = if order == Ordering::Greater {
            None
        } else {
            old.take()
        };
        let come = if order == Ordering::Less {
            None
        } else {
            new.take()
        };
        match (&gone, &come) {
            (Some(_), None) => count.went += 1,
            (None, Some(_)) => count.came += 1,
            (Some(one), Some(other)) if one.row == other.row => count.same += 1,
            _ => count.changed += 1,
        }
        if let Some(difference) = difference(tables, gone.as_ref(), come.as_ref())? {
            tell(&difference)?;
        }
        if gone.is_some() {
            old = first.next().await?;
        }
        if come.is_some() {
            new = second.next().await?;
        }
    }
}

fn place(line: &Line) -> (usize, &str) {
    (line.table, &line.key)
}

fn difference(
    tables: &[String],
    old: Option<&Line>,
    new: Option<&Line>,
) -> Result<Option<Difference>, StoreError> {
    let Some(line) = new.or(old) else {
        return Ok(None);
    };
    let what = match (old, new) {
        (Some(old), Some(new)) if old.row == new.row => return Ok(None),
        (Some(old), Some(new)) => What::Changed {
            columns: columns(read(old)?, &read(new)?),
        },
        (Some(old), None) => What::Went { row: read(old)? },
        (None, new) => What::Came {
            row: new.map(read).transpose()?.unwrap_or_default(),
        },
    };
    Ok(Some(Difference {
        table: tables.get(line.table).cloned().unwrap_or_default(),
        key: line.key.clone(),
        what,
    }))
}

fn read(line: &Line) -> Result<Map<String, Value>, StoreError> {
    serde_json::from_str(&line.row).map_err(StoreError::broken)
}

fn columns(old: Map<String, Value>, new: &Map<String, Value>) -> Vec<ColumnChange> {
    let change = |(column, from): (String, Value)| {
        let to = new.get(&column).cloned().unwrap_or(Value::Null);
        (from != to).then_some(ColumnChange { column, from, to })
    };
    old.into_iter().filter_map(change).collect()
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (table, key) = (&self.table, &self.key);
        match &self.what {
            What::Came { row } => write!(f, "+ {table} {key}: {}", words(row)),
            What::Went { row } => write!(f, "- {table} {key}: {}", words(row)),
            What::Changed { columns } => {
                write!(f, "~ {table} {key}:")?;
                for ColumnChange { column, from, to } in columns {
                    write!(f, " {column} {from} -> {to};")?;
                }
                Ok(())
            }
        }
    }
}

fn words(row: &Map<String, Value>) -> String {
    let known = |(column, value): (&String, &Value)| {
        (column != "key" && !value.is_null()).then(|| format!("{column} {value}"))
    };
    row.iter().filter_map(known).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct List(std::vec::IntoIter<Line>);

    impl Lines for List {
        fn next(&mut self) -> futures::future::BoxFuture<'_, Result<Option<Line>, StoreError>> {
            Box::pin(async { Ok(self.0.next()) })
        }
    }

    fn list(rows: &[(usize, &str, i64)]) -> List {
        let line = |(table, key, n): &(usize, &str, i64)| Line {
            table: *table,
            key: (*key).to_owned(),
            row: format!(r#"{{"key":"{key}","n":{n}}}"#),
        };
        List(rows.iter().map(line).collect::<Vec<_>>().into_iter())
    }

    #[tokio::test]
    async fn rows_that_came_went_and_changed_are_told() {
        let mut first = list(&[(0, "a", 1), (0, "b", 1), (0, "c", 1), (1, "a", 1)]);
        let mut second = list(&[(0, "b", 2), (0, "c", 1), (0, "d", 1), (1, "a", 1)]);
        let mut told = Vec::new();
        let tables = ["x".to_owned(), "y".to_owned()];
        let count = diff(&tables, &mut first, &mut second, |difference| {
            told.push(difference.to_string());
            Ok(())
        });
        let count = count.await.expect("two lists");
        assert_eq!(told, ["- x a: n 1", "~ x b: n 1 -> 2;", "+ x d: n 1"]);
        let expected = Count {
            came: 1,
            went: 1,
            changed: 1,
            same: 2,
        };
        assert_eq!(count, expected);
    }
}
