//! What every read store promises, on each engine: SQLite in a file and in memory, PostgreSQL.

mod analysts;
mod building;
mod every_fold;
mod every_place;
mod rows;
mod saving;
mod switching;
mod unwritable;

use chrono::{DateTime, Utc};
use infra::views::postgres::PgViews;
use infra::views::sqlite::SqliteViews;
use projections::fold::Model;
use projections::row;
use projections::store::{Change, Checkpoint, Copy, ReadStore};
use projections::table::{Row, Table};
use sqlx::Executor as _;
use sqlx::postgres::PgPoolOptions;
use tests::servers::{Database, postgres};
use tests::views::shown;
use uuid::Uuid;

row! {
    /// A row with every kind of column.
    pub struct Note in "notebook_note" indexes [(owner, amount)] {
        /// The key.
        key: String,
        /// Text that is never null.
        owner: String,
        /// Text that may be null.
        text: Option<String>,
        /// A number.
        amount: i64,
        /// A number that may be null.
        limit_minor: Option<i64>,
    }
}

row! {
    /// A row of a second table.
    pub struct Page in "notebook_page" indexes [] {
        /// The key.
        key: String,
    }
}

const MODEL: Model = Model {
    name: "notebook",
    version: 1,
};

fn tables() -> Vec<Table> {
    vec![Note::TABLE, Page::TABLE]
}

/// A store, and what must live as long as it.
pub struct Engine {
    pub name: &'static str,
    pub store: Box<dyn ReadStore>,
    _folder: Option<tempfile::TempDir>,
    _database: Option<Database>,
}

/// Each engine, with nothing in it.
pub async fn engines() -> Vec<Engine> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = SqliteViews::open(&folder.path().join("views.db")).await;
    let memory = SqliteViews::memory().await;
    let (database, server) = pg_views().await;
    vec![
        Engine {
            name: "SQLite in a file",
            store: Box::new(file.expect("a store")),
            _folder: Some(folder),
            _database: None,
        },
        Engine {
            name: "SQLite in memory",
            store: Box::new(memory.expect("a store")),
            _folder: None,
            _database: None,
        },
        Engine {
            name: "PostgreSQL",
            store: Box::new(server),
            _folder: None,
            _database: Some(database),
        },
    ]
}

pub async fn pg_views() -> (Database, PgViews) {
    let database = postgres().database().await;
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(PgViews::SESSION).await.map(|_| ()) })
        })
        .connect(database.owner_url());
    let views = PgViews::prepare(pool.await.expect("a pool")).await;
    (database, views.expect("a store"))
}

fn note(key: &str, text: Option<&str>, amount: i64) -> Note {
    Note {
        key: key.to_owned(),
        owner: "somebody".to_owned(),
        text: text.map(str::to_owned),
        amount,
        limit_minor: None,
    }
}

fn at(position: i64) -> Checkpoint {
    Checkpoint {
        log_id: Uuid::from_u128(7),
        position,
        leaf_hash: format!("{position:064x}"),
        recorded_at: DateTime::<Utc>::from_timestamp_micros(1_763_626_500_000_001)
            .expect("an instant"),
    }
}

fn json<R: Row>(rows: &[R]) -> Vec<String> {
    let text = |row| serde_json::to_string(row).expect("JSON");
    rows.iter().map(text).collect()
}

fn change<R: Row>(rows: &[R], deleted: &[&str]) -> Change {
    Change {
        table: R::TABLE,
        rows: rows
            .iter()
            .map(|row| row.values().expect("values"))
            .collect(),
        in_place: 0,
        new: false,
        deleted: deleted.iter().map(ToString::to_string).collect(),
    }
}

/// The copy that queries see, with these notes at position 1.
async fn filled(store: &dyn ReadStore, notes: &[Note]) -> Copy {
    let copy = shown(MODEL, tables(), store).await;
    let saved = store.save(copy.clone(), 0, at(1), vec![change(notes, &[])]);
    assert!(saved.await.expect("an answer"));
    copy
}
