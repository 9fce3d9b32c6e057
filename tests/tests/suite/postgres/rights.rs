use std::path::Path;

use commands::log::{Appended, EventLog as _};
use infra::postgres::migrate::{Inspection, inspect, migrate};
use infra::postgres::{OpenError, PgLog};
use sqlx::migrate::Migrator;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::servers::{Database, postgres};

use super::{fresh, stream, writes};

async fn execute(url: &str, sql: &str) -> Result<(), String> {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    let done = connection.execute(sql).await;
    done.map(|_| ()).map_err(|error| error.to_string())
}

/// A login of the gateway, called after the database so that it goes with it.
async fn app_login(database: &Database) -> String {
    let login = format!("{}_login", database.name());
    let sql = format!("CREATE ROLE {login} LOGIN PASSWORD '{login}'");
    execute(database.superuser_url(), &sql)
        .await
        .expect("a role");
    database.url_as(&login)
}

#[tokio::test]
async fn an_empty_database_becomes_a_log_by_its_owner_only() {
    let database = postgres().database().await;
    assert_eq!(
        inspect(database.owner_url()).await.expect("an answer"),
        Inspection::Empty
    );
    let url = app_login(&database).await;
    assert!(matches!(PgLog::connect(&url).await, Err(OpenError::Empty)));

    let log_id = migrate(database.owner_url()).await.expect("a log");
    let ours = Inspection::Ours { log_id, head: 0 };
    assert_eq!(
        inspect(database.owner_url()).await.expect("an answer"),
        ours
    );
    assert_eq!(
        migrate(database.owner_url()).await.expect("the same log"),
        log_id
    );

    let refused = PgLog::connect(&url)
        .await
        .err()
        .expect("not yet granted")
        .to_string();
    let grant = refused.split('`').nth(1).expect("the statement that helps");
    execute(database.owner_url(), grant).await.expect("granted");
    let log = PgLog::connect(&url).await.expect("a log");
    assert!(!log.by_owner());
    let answer = log.append(writes(log_id, stream(1), 0, 1)).await;
    assert_eq!(answer, Ok(Appended::Done { position: 1 }));
    assert!(
        PgLog::connect(database.owner_url())
            .await
            .expect("a log")
            .by_owner()
    );
}

#[tokio::test]
async fn two_that_start_at_once_make_one_log() {
    let database = postgres().database().await;
    let (one, other) = tokio::join!(migrate(database.owner_url()), migrate(database.owner_url()));
    assert_eq!(one.expect("a log"), other.expect("a log"));
}

/// A gateway that starts replaces the functions that others are calling.
#[tokio::test]
async fn a_start_takes_nothing_from_those_that_write() {
    let (database, log) = fresh().await;
    let old = "SET ROLE {owner}; CREATE FUNCTION log.append(of_an_older_program int) RETURNS int
               LANGUAGE sql RETURN 1";
    let old = old.replace("{owner}", &log.roles().owner);
    execute(database.owner_url(), &old).await.expect("made");
    let gateway = async |number: u128| {
        for start in 0..10 {
            let log = PgLog::connect(database.owner_url()).await.expect("a log");
            for version in 0..10 {
                let command = writes(log.log_id(), stream(10 * number + start), version, 1);
                let answer = log.append(command).await;
                assert!(matches!(answer, Ok(Appended::Done { .. })), "{answer:?}");
            }
        }
    };
    tokio::join!(gateway(1), gateway(2), gateway(3), gateway(4));
    let sql = "SELECT count(*) FROM pg_proc WHERE pronamespace = 'log'::regnamespace
               AND proname = 'append'";
    let mut connection = PgConnection::connect(database.owner_url())
        .await
        .expect("a connection");
    let left: i64 = sqlx::query_scalar(sql)
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    assert_eq!(left, 1, "those of older programs are dropped");
}

#[tokio::test]
async fn somebody_elses_database_is_left_alone() {
    let database = postgres().database().await;
    execute(database.owner_url(), "CREATE TABLE bookings (id bigint)")
        .await
        .expect("a table");
    let Err(OpenError::Foreign { tables }) = PgLog::connect(database.owner_url()).await else {
        panic!("a database with tables was taken");
    };
    assert_eq!(tables, ["public.bookings"]);
}

#[tokio::test]
async fn the_application_writes_through_the_function_only() {
    let (database, log) = fresh().await;
    log.append(writes(log.log_id(), stream(1), 0, 1))
        .await
        .expect("an answer");
    let url = app_login(&database).await;
    let login = format!("{}_login", database.name());
    let grant = format!("GRANT {} TO {login}", log.roles().app);
    execute(database.owner_url(), &grant)
        .await
        .expect("granted");
    for sql in [
        "INSERT INTO log.events SELECT * FROM log.events",
        "UPDATE log.events SET network = 'brno'",
        "DELETE FROM log.events",
        "TRUNCATE log.events",
        "UPDATE log.head SET position = 0",
        "INSERT INTO log.lookup_key VALUES ('code', 'a', 'b')",
        "DELETE FROM log.kept_answers",
        "DROP FUNCTION log.refuse_change CASCADE",
        "CREATE TABLE log.mine (id bigint)",
    ] {
        let refused = execute(&url, sql).await.expect_err(sql);
        assert!(
            refused.contains("denied") || refused.contains("must be owner"),
            "{sql}: {refused}"
        );
    }
    execute(&url, "SELECT * FROM log.events")
        .await
        .expect("reading is allowed");
    execute(&url, "CREATE TABLE views.v (id bigint)")
        .await
        .expect("read models are its own");
}

#[tokio::test]
async fn not_even_a_superuser_changes_an_event_unseen() {
    let (database, log) = fresh().await;
    log.append(writes(log.log_id(), stream(1), 0, 1))
        .await
        .expect("an answer");
    for sql in [
        "UPDATE log.events SET network = 'brno'",
        "DELETE FROM log.events",
        "TRUNCATE log.events",
        "SET session_replication_role = replica; DELETE FROM log.events",
    ] {
        let refused = execute(database.superuser_url(), sql).await.expect_err(sql);
        assert!(refused.contains("never changed"), "{sql}: {refused}");
    }
}

#[tokio::test]
async fn a_database_of_an_older_program_is_brought_up_to_date() {
    let database = postgres().database().await;
    let mut owner = PgConnection::connect(database.owner_url())
        .await
        .expect("a connection");
    let roles = include_str!("../../../../infra/src/postgres/roles.sql");
    owner.execute(roles).await.expect("roles and schemas");
    let act = format!(
        "SET ROLE {}_log_owner; SET search_path = log",
        database.name()
    );
    owner.execute(act.as_str()).await.expect("its owner");
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../infra/src/postgres/migrations"
    );
    let mut before = Migrator::new(Path::new(folder)).await.expect("migrations");
    before.migrations.to_mut().truncate(2);
    before
        .run_direct(&mut owner)
        .await
        .expect("the tables of before");
    owner.close().await.expect("closed");
    let log = PgLog::connect(database.owner_url()).await.expect("a log");
    let answer = log.append(writes(log.log_id(), stream(1), 0, 1)).await;
    assert_eq!(answer, Ok(Appended::Done { position: 1 }));
}
