//! What a database holds, and how it becomes a log.

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions as _, Connection as _, Executor as _};
use uuid::Uuid;

use super::connection;
use super::error::OpenError;
use super::roles::{LONGEST_DATABASE, Roles, quoted};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("src/postgres/migrations");

/// What a database holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inspection {
    /// Nothing.
    Empty,
    /// A log.
    Ours {
        /// Its id.
        log_id: Uuid,
        /// Its last position, 0 if nothing was recorded.
        head: i64,
    },
    /// Something else.
    Foreign {
        /// Up to ten tables, with their schemas.
        tables: Vec<String>,
    },
}

/// Looks into a database and changes nothing.
pub async fn inspect(url: &str) -> Result<Inspection, OpenError> {
    let mut connection = connection::options(url)?.connect().await?;
    let found = look(&mut connection).await?;
    connection.close().await?;
    Ok(found)
}

/// Makes or brings up to date roles, schemas, tables and functions. Repeatable; the login must own
/// the database, and at the first time be allowed to create roles. Answers with the log's id.
pub async fn migrate(owner_url: &str) -> Result<Uuid, OpenError> {
    let mut connection = connection::options(owner_url)?.connect().await?;
    let log_id = bring_up_to_date(&mut connection).await?;
    connection.close().await?;
    Ok(log_id)
}

async fn look(connection: &mut PgConnection) -> Result<Inspection, OpenError> {
    if is_ours(connection).await? {
        let roles = roles(connection).await?;
        must_be_member(connection, &roles).await?;
        let (log_id, head) = sqlx::query_as("SELECT log_id, position FROM log.head")
            .fetch_one(&mut *connection)
            .await?;
        return Ok(Inspection::Ours { log_id, head });
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT n.nspname || '.' || c.relname
         FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
           AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
           -- What an extension brought along is nobody's data.
           AND NOT EXISTS (SELECT FROM pg_depend AS d
                           WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
                             AND d.deptype = 'e')
         ORDER BY 1 LIMIT 10",
    )
    .fetch_all(connection)
    .await?;
    if tables.is_empty() {
        Ok(Inspection::Empty)
    } else {
        Ok(Inspection::Foreign { tables })
    }
}

/// From the catalogue, which everybody may read.
async fn is_ours(connection: &mut PgConnection) -> Result<bool, OpenError> {
    let ours = sqlx::query_scalar(
        "SELECT EXISTS (SELECT FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                        WHERE n.nspname = 'log' AND c.relname = 'head')",
    );
    Ok(ours.fetch_one(connection).await?)
}

async fn must_be_member(connection: &mut PgConnection, roles: &Roles) -> Result<(), OpenError> {
    let (login, member): (String, bool) = sqlx::query_as(
        "SELECT session_user::text, has_schema_privilege('log', 'USAGE')
                AND EXISTS (SELECT FROM pg_roles WHERE rolname = $1 AND pg_has_role(oid, 'MEMBER'))",
    )
    .bind(&roles.app)
    .fetch_one(connection)
    .await?;
    if member {
        Ok(())
    } else {
        Err(OpenError::NotGranted {
            role: roles.app.clone(),
            login,
        })
    }
}

/// What a login that does not own the database must find.
pub(super) async fn must_be_ready(connection: &mut PgConnection) -> Result<(), OpenError> {
    match look(connection).await? {
        Inspection::Empty => Err(OpenError::Empty),
        Inspection::Foreign { tables } => Err(OpenError::Foreign { tables }),
        Inspection::Ours { .. } if is_current(connection).await? => Ok(()),
        Inspection::Ours { .. } => Err(OpenError::Outdated),
    }
}

pub(super) async fn roles(connection: &mut PgConnection) -> Result<Roles, OpenError> {
    let database: String = sqlx::query_scalar("SELECT current_database()::text")
        .fetch_one(connection)
        .await?;
    if database.len() > LONGEST_DATABASE {
        return Err(OpenError::NameTooLong);
    }
    Ok(Roles::of(&database))
}

/// Whether this login may migrate: it has the rights of the schemas' owner, or could make it one.
pub(super) async fn is_owner(
    connection: &mut PgConnection,
    roles: &Roles,
) -> Result<bool, OpenError> {
    let may = sqlx::query_scalar(
        "SELECT CASE WHEN EXISTS (SELECT FROM pg_roles WHERE rolname = $1)
                THEN pg_has_role($1, 'USAGE')
                ELSE has_database_privilege(current_database(), 'CREATE') END",
    )
    .bind(&roles.owner)
    .fetch_one(connection)
    .await?;
    Ok(may)
}

/// Whether every migration of this program was run.
async fn is_current(connection: &mut PgConnection) -> Result<bool, OpenError> {
    let reached: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM log._sqlx_migrations")
        .fetch_one(connection)
        .await?;
    let wanted = MIGRATIONS.iter().map(|migration| migration.version).max();
    Ok(reached >= wanted)
}

pub(super) async fn bring_up_to_date(connection: &mut PgConnection) -> Result<Uuid, OpenError> {
    connection
        .execute("SET client_min_messages = warning")
        .await?;
    // Two that start at once migrate one after the other. The session ends with the lock.
    sqlx::query("SELECT pg_advisory_lock(hashtext('sospeso'), hashtext('migrate'))")
        .execute(&mut *connection)
        .await?;
    if let Inspection::Foreign { tables } = look(connection).await? {
        return Err(OpenError::Foreign { tables });
    }
    let roles = roles(connection).await?;
    connection.execute(include_str!("roles.sql")).await?;
    let act_as_owner = format!("SET ROLE {}; SET search_path = log", quoted(&roles.owner));
    connection.execute(act_as_owner.as_str()).await?;
    MIGRATIONS.run_direct(&mut *connection).await?;
    // Together, so that nobody meets a function without its rights.
    let mut functions = connection.begin().await?;
    for sql in [
        include_str!("append.sql"),
        include_str!("functions.sql"),
        include_str!("grants.sql"),
    ] {
        functions.execute(sql).await?;
    }
    functions.commit().await?;
    connection.execute("RESET ROLE; RESET search_path").await?;
    let log_id = sqlx::query_scalar("SELECT log_id FROM log.head")
        .fetch_one(&mut *connection)
        .await?;
    sqlx::query("SELECT pg_advisory_unlock(hashtext('sospeso'), hashtext('migrate'))")
        .execute(connection)
        .await?;
    Ok(log_id)
}
