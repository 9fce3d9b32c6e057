//! The port of the read store: rows, checkpoints and queries, the same on every engine.

use chrono::{DateTime, Utc};
use domain::envelope::Recorded;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::fold::Model;
use crate::table::Table;

/// Why the store or the log does not answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The database is away.
    #[error("the views are away")]
    Unavailable,
    /// The read model has no copy of this version yet.
    #[error("the view is being built")]
    Building,
    /// Anything else. The text is for the operator's log, never for a caller.
    #[error("the views failed: {0}")]
    Broken(String),
    /// A caller's cursor that no answer of ours carried.
    #[error("this cursor was not given out by this read model")]
    Cursor,
}

impl StoreError {
    /// A failure of the software, with its text.
    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

/// How far a read model has come, and in which log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The log; nil before the first act.
    pub log_id: Uuid,
    /// The last position that is folded in; 0 = none.
    pub position: i64,
    /// The leaf hash of that position, hexadecimal: a restored log is noticed by it.
    pub leaf_hash: String,
    /// When that act was recorded.
    pub recorded_at: DateTime<Utc>,
}

impl Checkpoint {
    /// After this event of the log with this id.
    #[must_use]
    pub fn of(log_id: Uuid, last: &Recorded) -> Self {
        Self {
            log_id,
            position: last.position,
            leaf_hash: hex::encode(last.leaf_hash),
            recorded_at: last.record.recorded_at,
        }
    }

    /// Before the first act.
    #[must_use]
    pub fn start() -> Self {
        Self {
            log_id: Uuid::nil(),
            position: 0,
            leaf_hash: String::new(),
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }
}

/// One physical copy of a read model's tables.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Copy {
    /// The read model.
    pub name: &'static str,
    /// The number that ends the names of its tables.
    pub number: i64,
}

/// Rows of one table that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: Table,
    /// Rows, each with the values of the columns in order of declaration.
    pub rows: Vec<Vec<Arg>>,
    /// How many of these rows, the last ones, are in the table and stay in their places in its indexes,
    /// so that only the other columns need to be written.
    pub in_place: usize,
    /// Whether none of these rows is in the table yet; false where that is not known.
    pub new: bool,
    /// Keys of rows that are gone.
    pub deleted: Vec<String>,
}

/// A value of a query, or of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// Text.
    Text(String),
    /// A number.
    Integer(i64),
    /// Null.
    Null,
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<T: Into<Arg>> From<Option<T>> for Arg {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A query in the common subset of both engines, with `$1` for values; table names are those of
/// the declarations. `CAST(SUM(x) AS BIGINT)`, every text value that may be null is cast, and a truth is
/// `CASE WHEN x THEN 1 ELSE 0 END`.
#[derive(Clone, Debug)]
pub struct Query {
    /// The text.
    pub sql: &'static str,
    /// The values, in order.
    pub args: Vec<Arg>,
}

/// The rows of one query's answer: a JSON array of objects with a field per column. As text, because
/// it is read into a structure of the query's own and not looked into before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found(pub String);

impl Default for Found {
    fn default() -> Self {
        Self("[]".to_owned())
    }
}

impl Found {
    /// The rows as a structure of the query's own.
    ///
    /// # Errors
    /// If a column is missing or of another type: the query and the structure do not fit.
    pub fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, StoreError> {
        serde_json::from_str(&self.0).map_err(StoreError::broken)
    }
}

/// What a read of a read model brings: all queries see the same state, and this is its checkpoint.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The rows of each query.
    pub found: Vec<Found>,
    /// How far the read model has come.
    pub checkpoint: Checkpoint,
}

/// A read store.
pub trait ReadStore: Send + Sync {
    /// The copy that queries see, with the fold's version that it was made by; none if there never
    /// was one.
    fn live(&self, name: &'static str) -> BoxFuture<'_, Result<Option<(Copy, u32)>, StoreError>>;

    /// A new, empty copy that queries do not see yet; it has no index but that of its keys.
    fn beside(&self, model: Model, tables: Vec<Table>) -> BoxFuture<'_, Result<Copy, StoreError>>;

    /// Makes the indexes of this copy, which may take long; then makes it the one that queries see,
    /// and drops the other and all that are older than it, in one transaction: whoever was building
    /// one of those left it halfway, or is late and hears of it at the next save.
    fn switch(&self, to: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Drops a copy that queries do not see.
    fn drop_copy(&self, copy: Copy, tables: Vec<Table>) -> BoxFuture<'_, Result<(), StoreError>>;

    /// How far a copy has come.
    fn checkpoint(&self, copy: Copy) -> BoxFuture<'_, Result<Checkpoint, StoreError>>;

    /// The rows with these keys, as JSON objects.
    fn load(
        &self,
        copy: Copy,
        table: Table,
        keys: Vec<String>,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;

    /// Writes all changes and the next checkpoint in one transaction, if the copy still stands at
    /// `from`; says whether it did.
    fn save(
        &self,
        copy: Copy,
        from: i64,
        next: Checkpoint,
        changes: Vec<Change>,
    ) -> BoxFuture<'_, Result<bool, StoreError>>;

    /// Up to `limit` rows with keys after `after`, in order of key, as JSON objects with the
    /// columns in order of declaration: the canonical form, the same on every engine.
    fn scan(
        &self,
        copy: Copy,
        table: Table,
        after: String,
        limit: usize,
    ) -> BoxFuture<'_, Result<Vec<String>, StoreError>>;

    /// Answers queries on the live copy from one state of it; `Building` if that is not of this
    /// version.
    fn query(
        &self,
        model: Model,
        queries: Vec<Query>,
    ) -> BoxFuture<'_, Result<Snapshot, StoreError>>;
}
