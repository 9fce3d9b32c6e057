//! The state of a read model as lines in canonical form: the same acts give the same bytes.
//!
//! The first line says what it is, each further one is a row, the last one counts them and holds
//! the digest, which is that of [`crate::rebuild::digest`]. Rows stand in order of table and key.

use std::collections::VecDeque;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{SCAN, Standing};
use crate::rebuild::key_of;
use crate::store::StoreError;
use crate::table::Table;

/// The format of the lines.
pub const FORMAT: &str = "sospeso-replay/1";

/// The first line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// The read model.
    pub view: String,
    /// The version of its fold.
    pub version: u32,
    /// The log.
    pub log_id: Uuid,
    /// The one network whose acts were folded; absent = all.
    pub network: Option<String>,
    /// The last position that was folded in.
    pub position: i64,
    /// When that event was recorded, as in entries.
    pub recorded_at: Option<String>,
    /// Its leaf hash, hexadecimal.
    pub leaf_hash: Option<String>,
    /// Under which other rules; absent = as it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<String>,
    /// The tables, in the order in which their rows follow.
    pub tables: Vec<String>,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Line {
    /// The place of its table among the tables of the read model.
    pub table: usize,
    /// Its key.
    pub key: String,
    /// The row, in canonical form.
    pub row: String,
}

/// The last line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Footer {
    /// How many rows there are.
    pub rows: u64,
    /// SHA-256 over the tables and rows, hexadecimal.
    pub digest: String,
}

/// A row as it stands in a line of its own.
#[derive(Serialize, Deserialize)]
pub struct Row<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The row exactly as it is.
    #[serde(borrow)]
    pub row: &'a RawValue,
}

/// The digest of rows that come one after another.
pub struct Digest {
    hash: Sha256,
    tables: Vec<String>,
    begun: usize,
    rows: u64,
}

impl Digest {
    /// Of these tables.
    #[must_use]
    pub fn of(tables: &[String]) -> Self {
        Self {
            hash: Sha256::new(),
            tables: tables.to_vec(),
            begun: 0,
            rows: 0,
        }
    }

    /// The next row.
    pub fn add(&mut self, line: &Line) {
        self.begin(line.table + 1);
        self.hash.update(&line.row);
        self.hash.update("\n");
        self.rows += 1;
    }

    /// After the last row.
    #[must_use]
    pub fn finish(mut self) -> Footer {
        self.begin(self.tables.len());
        Footer {
            rows: self.rows,
            digest: hex::encode(self.hash.finalize()),
        }
    }

    fn begin(&mut self, until: usize) {
        while self.begun < until {
            let table = &self.tables[self.begun];
            self.hash.update(format!("table {table}\n"));
            self.begun += 1;
        }
    }
}

/// Lines that come one after another in order, whatever they come from.
pub trait Lines: Send {
    /// The next row; `None` after the last.
    ///
    /// # Errors
    /// If what it comes from is away or damaged.
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Line>, StoreError>>;
}

impl<L: Lines> Lines for &mut L {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Line>, StoreError>> {
        (**self).next()
    }
}

/// The rows of a read model as it stood, a few at a time.
pub struct Scan<'a> {
    standing: &'a Standing,
    tables: Vec<Table>,
    table: usize,
    after: String,
    page: VecDeque<Line>,
}

impl Standing {
    /// The first line.
    #[must_use]
    pub fn header(&self, log_id: Uuid, network: Option<String>) -> Header {
        let moment = &self.moment;
        let tables = self.fold.tables();
        Header {
            format: FORMAT.to_owned(),
            view: self.fold.name().to_owned(),
            version: self.fold.model().version,
            log_id,
            network,
            position: moment.position,
            recorded_at: moment.recorded_at.map(domain::envelope::instant),
            leaf_hash: moment.leaf_hash.clone(),
            policy: None,
            tables: tables.iter().map(|table| table.name.to_owned()).collect(),
        }
    }

    /// Its rows from the first on.
    #[must_use]
    pub fn rows(&self) -> Scan<'_> {
        self.rows_of(self.fold.tables())
    }

    /// The rows of some of its tables.
    #[must_use]
    pub fn rows_of(&self, tables: Vec<Table>) -> Scan<'_> {
        Scan {
            standing: self,
            tables,
            table: 0,
            after: String::new(),
            page: VecDeque::new(),
        }
    }
}

impl Lines for Scan<'_> {
    fn next(&mut self) -> BoxFuture<'_, Result<Option<Line>, StoreError>> {
        Box::pin(async move {
            while self.page.is_empty() {
                let Some(table) = self.tables.get(self.table) else {
                    return Ok(None);
                };
                let (copy, after) = (self.standing.copy.clone(), self.after.clone());
                let rows = self.standing.store.scan(copy, *table, after, SCAN).await?;
                if rows.is_empty() {
                    self.table += 1;
                    self.after.clear();
                    continue;
                }
                for row in rows {
                    let key = key_of(&row)?;
                    let table = self.table;
                    self.page.push_back(Line { table, key, row });
                }
                if let Some(last) = self.page.back() {
                    self.after.clone_from(&last.key);
                }
            }
            Ok(self.page.pop_front())
        })
    }
}
