//! What only an owner of the database can do to the events, the triggers being off.

use std::path::Path;

use sqlx::{Connection, PgConnection, SqliteConnection};

use crate::servers::Database;

/// Runs statements in which `{events}` and `{head}` stand for the tables; `file` is the log's where
/// there is no database.
pub async fn events(database: Option<&Database>, file: &Path, sql: &str) {
    if let Some(database) = database {
        let sql = format!(
            "ALTER TABLE log.events DISABLE TRIGGER ALL; {}",
            sql.replace("{events}", "log.events")
                .replace("{head}", "log.head")
        );
        postgres(database, &sql).await;
    } else {
        let sql = format!(
            "DROP TRIGGER IF EXISTS events_are_never_changed;
             DROP TRIGGER IF EXISTS events_are_never_deleted; {}",
            sql.replace("{events}", "events")
                .replace("{head}", "log_head")
        );
        sqlite(file, &sql).await;
    }
}

/// Runs statements as a superuser.
pub async fn postgres(database: &Database, sql: &str) {
    let mut owner = PgConnection::connect(database.superuser_url())
        .await
        .expect("an owner");
    sqlx::raw_sql(sql)
        .execute(&mut owner)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}

/// Runs statements on a file.
pub async fn sqlite(file: &Path, sql: &str) {
    let url = format!("sqlite:{}", file.display());
    let mut owner = SqliteConnection::connect(&url).await.expect("the file");
    sqlx::raw_sql(sql)
        .execute(&mut owner)
        .await
        .unwrap_or_else(|e| panic!("{sql}: {e}"));
}
