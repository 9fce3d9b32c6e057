//! The numbered copies of a read model's tables: made, shown to queries, forgotten.

use projections::fold::Model;
use projections::store::{Checkpoint, Copy};
use projections::table::Table;
use sqlx::Executor as _;
use sqlx::sqlite::SqliteConnection;

use crate::views::{SHOW, declarations, indexes, physical};

pub(super) async fn make_copy(
    on: &mut SqliteConnection,
    model: Model,
    tables: &[Table],
) -> Result<Copy, sqlx::Error> {
    let start = Checkpoint::start();
    let number = sqlx::query(
        "INSERT INTO read_model_copy (name, version, log_id, position, leaf_hash, recorded_at)
         VALUES ($1, $2, $3, 0, '', 0)",
    )
    .bind(model.name)
    .bind(model.version)
    .bind(start.log_id.to_string())
    .execute(&mut *on)
    .await?
    .last_insert_rowid();
    let copy = Copy {
        name: model.name,
        number,
    };
    for table in tables {
        let physical = physical(table, &copy);
        let declarations = declarations(table, "TEXT", "INTEGER");
        // With row ids rows lie in the order in which they came, those of one time together; by
        // their keys, which are ids, each would be on a page of its own.
        let make = format!("CREATE TABLE {physical} ({declarations}, PRIMARY KEY (key))");
        sqlx::query(&make).execute(&mut *on).await?;
    }
    Ok(copy)
}

/// Apart from the tables, because rows go into a table without them twice as fast.
pub(super) async fn make_indexes(
    on: &mut SqliteConnection,
    copy: &Copy,
    table: &Table,
) -> Result<(), sqlx::Error> {
    // What does not fit into memory is sorted in files.
    let before: i64 = sqlx::query_scalar("PRAGMA temp_store")
        .fetch_one(&mut *on)
        .await?;
    on.execute("PRAGMA temp_store = FILE").await?;
    let made = async {
        for make in indexes(table, copy) {
            on.execute(make.as_str()).await?;
        }
        Ok(())
    };
    let made = made.await;
    let again = format!("PRAGMA temp_store = {before}");
    on.execute(again.as_str()).await?;
    made
}

pub(super) async fn show(
    on: &mut SqliteConnection,
    copy: &Copy,
    tables: &[Table],
) -> Result<(), sqlx::Error> {
    let (name, number) = (copy.name, copy.number);
    let show = sqlx::query(SHOW).bind(name).bind(number);
    show.execute(&mut *on).await?;
    for table in tables {
        let (name, physical) = (table.name, physical(table, copy));
        let hide = format!("DROP VIEW IF EXISTS {name}");
        sqlx::query(&hide).execute(&mut *on).await?;
        let show = format!("CREATE VIEW {name} AS SELECT * FROM {physical}");
        sqlx::query(&show).execute(&mut *on).await?;
    }
    Ok(())
}

pub(super) async fn forget(
    on: &mut SqliteConnection,
    copy: &Copy,
    tables: &[Table],
) -> Result<(), sqlx::Error> {
    for table in tables {
        let drop = format!("DROP TABLE IF EXISTS {}", physical(table, copy));
        sqlx::query(&drop).execute(&mut *on).await?;
    }
    let delete = "DELETE FROM read_model_copy WHERE number = $1";
    sqlx::query(delete)
        .bind(copy.number)
        .execute(&mut *on)
        .await?;
    Ok(())
}
