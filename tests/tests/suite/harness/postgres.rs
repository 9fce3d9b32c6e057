use sqlx::{Connection, PgConnection};
use tests::servers::{Postgres, postgres};

async fn number(url: &str, sql: &str) -> i64 {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .expect("a number")
}

#[tokio::test]
async fn each_test_gets_an_empty_database_of_its_own() {
    let (one, other) = (postgres().database().await, postgres().database().await);
    assert_ne!(one.name(), other.name());
    let mut connection = PgConnection::connect(one.owner_url())
        .await
        .expect("a connection");
    sqlx::query("CREATE TABLE marks (id bigint)")
        .execute(&mut connection)
        .await
        .expect("a table");
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'marks'";
    assert_eq!(number(one.owner_url(), tables).await, 1);
    assert_eq!(number(other.superuser_url(), tables).await, 0);
}

#[tokio::test]
async fn the_owner_may_create_roles_but_is_no_superuser() {
    let database = postgres().database().await;
    let is = |right: &str| {
        format!("SELECT {right}::int::bigint FROM pg_roles WHERE rolname = current_user")
    };
    assert_eq!(number(database.owner_url(), &is("rolsuper")).await, 0);
    assert_eq!(number(database.owner_url(), &is("rolcreaterole")).await, 1);
    assert_eq!(number(database.superuser_url(), &is("rolsuper")).await, 1);
}

#[tokio::test]
async fn a_dropped_handle_leaves_neither_database_nor_roles() {
    let database = postgres().database().await;
    let name = database.name().to_owned();
    let mut owner = PgConnection::connect(database.owner_url())
        .await
        .expect("a connection");
    let role = format!("CREATE ROLE {name}_app");
    sqlx::query(&role)
        .execute(&mut owner)
        .await
        .expect("a role");
    let left = format!(
        "SELECT (SELECT count(*) FROM pg_roles WHERE rolname LIKE '{name}%')
              + (SELECT count(*) FROM pg_database WHERE datname = '{name}')"
    );
    assert_eq!(number(postgres().superuser_url(), &left).await, 3);
    drop(database);
    assert_eq!(number(postgres().superuser_url(), &left).await, 0);
}

#[tokio::test]
async fn a_private_cluster_survives_a_crash() {
    let mut server = Postgres::start();
    let mut connection = PgConnection::connect(server.superuser_url())
        .await
        .expect("a connection");
    for sql in [
        "CREATE TABLE marks (id bigint)",
        "INSERT INTO marks VALUES (7)",
    ] {
        sqlx::query(sql).execute(&mut connection).await.expect(sql);
    }
    server.kill();
    assert!(PgConnection::connect(server.superuser_url()).await.is_err());
    server.restart();
    assert_eq!(
        number(server.superuser_url(), "SELECT id FROM marks").await,
        7
    );
}
