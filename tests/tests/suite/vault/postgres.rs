use std::sync::Arc;

use infra::vault::PgKeys;
use infra::vault::keys::KeyTable;
use tests::servers::{Database, postgres};

use super::{vault_cases, vault_suite};

async fn fresh() -> (Database, Arc<dyn KeyTable>) {
    let database = postgres().database().await;
    let keys = PgKeys::connect(database.owner_url()).await;
    (database, Arc::new(keys.expect("a table")))
}

vault_suite!(fresh);

#[tokio::test]
async fn a_login_of_the_application_is_enough_once_the_table_is_made() {
    let database = postgres().database().await;
    infra::postgres::migrate::migrate(database.owner_url())
        .await
        .expect("a log");
    PgKeys::migrate(database.owner_url()).await.expect("made");
    PgKeys::migrate(database.owner_url())
        .await
        .expect("repeatable");
    let keys = PgKeys::connect(&app_url(&database).await)
        .await
        .expect("a table");
    let id = super::SUBJECT;
    let kept = keys.add(id, vec![1]).await.expect("added");
    assert_eq!(kept.wrapped, Some(vec![1]));
    keys.destroy(id).await.expect("destroyed");
    assert!(keys.find(id).await.expect("a look").expect("a row").blocked);
}

/// A login that may do what the application may, and nothing else.
async fn app_url(database: &Database) -> String {
    use sqlx::Connection as _;
    let name = database.name();
    let mut owner = sqlx::PgConnection::connect(database.owner_url())
        .await
        .expect("a connection");
    let sql = format!("CREATE ROLE {name}_login LOGIN; GRANT {name}_app TO {name}_login");
    sqlx::raw_sql(&sql)
        .execute(&mut owner)
        .await
        .expect("a login");
    let (_, host) = database.owner_url().split_once('@').expect("user@host");
    format!("postgres://{name}_login@{host}")
}
