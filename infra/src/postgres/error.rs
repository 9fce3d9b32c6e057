//! What a failure of PostgreSQL means to those above.

use commands::log::LogError;
use cqrs_es::persist::PersistenceError;
use sqlx::postgres::PgDatabaseError;

/// Why a database cannot be used as a log. The text is for whoever starts the program.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It does not answer, or the login is refused.
    #[error("the database does not answer: {0}")]
    Away(#[source] sqlx::Error),
    /// It is somebody else's.
    #[error("the database holds other tables ({}); give sospeso one of its own", .tables.join(", "))]
    Foreign {
        /// Up to ten of them, with their schemas.
        tables: Vec<String>,
    },
    /// There is nothing in it, and this login may not change that.
    #[error("the database is empty; its owner must run `sospeso init --database OWNER_URL` first")]
    Empty,
    /// It was made by an older program.
    #[error("the database is of an older version; its owner must run `sospeso init` again")]
    Outdated,
    /// The login has no rights.
    #[error("the login may not use the log; its owner must run `GRANT {role} TO {login}`")]
    NotGranted {
        /// The application's role.
        role: String,
        /// The login.
        login: String,
    },
    /// Roles are named after the database, and names of roles are short.
    #[error(
        "the name of the database may have at most {} bytes",
        super::roles::LONGEST_DATABASE
    )]
    NameTooLong,
    /// Anything else.
    #[error("the database failed: {0}")]
    Broken(#[source] sqlx::Error),
}

impl From<sqlx::Error> for OpenError {
    fn from(error: sqlx::Error) -> Self {
        if is_away(&error) || refuses_login(&error) {
            Self::Away(error)
        } else {
            Self::Broken(error)
        }
    }
}

impl From<sqlx::migrate::MigrateError> for OpenError {
    fn from(error: sqlx::migrate::MigrateError) -> Self {
        match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => Self::Broken(sqlx::Error::Migrate(Box::new(other))),
        }
    }
}

/// The SQLSTATE with which `log.append` refuses a clock.
const CLOCK_SKEW: &str = "SPCLK";

pub(crate) fn log_error(error: &sqlx::Error) -> LogError {
    if is_away(error) {
        tracing::warn!(%error, "the log is away");
        return LogError::Unavailable;
    }
    if sqlstate(error).as_deref() == Some(CLOCK_SKEW) {
        tracing::error!(%error, "this machine's clock is wrong, or the database's");
        return LogError::ClockSkew;
    }
    LogError::Broken(error.to_string())
}

pub(super) fn load_error(error: PersistenceError) -> LogError {
    let inner = match error {
        PersistenceError::ConnectionError(inner) | PersistenceError::UnknownError(inner) => inner,
        other @ (PersistenceError::OptimisticLockError
        | PersistenceError::DeserializationError(_)) => {
            return LogError::Broken(other.to_string());
        }
    };
    match inner.downcast::<sqlx::Error>() {
        Ok(error) => log_error(&error),
        Err(other) => LogError::Broken(other.to_string()),
    }
}

/// Whether it may work again without anybody's doing: nothing here tells whether a command that
/// was under way was carried out.
pub(crate) fn is_away(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        _ if cannot_grow(error) => true,
        _ => sqlstate(error).is_some_and(|state| {
            // Connection exceptions, insufficient resources, locks, shut down or starting up.
            ["08", "53", "55", "57"].contains(&&state[..2])
                // Given up as the victim of a deadlock or of another's serialisable transaction.
                || state.starts_with("40")
                // A standby that was a primary before.
                || state == "25006"
        }),
    }
}

/// A file may not grow, by another limit than the disk's: PostgreSQL has a code for a full disk only.
fn cannot_grow(error: &sqlx::Error) -> bool {
    let error = error.as_database_error();
    let error = error.and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| {
        let growing = matches!(error.routine(), Some("mdextend" | "mdzeroextend"));
        error.code() == "XX000" && growing
    })
}

fn refuses_login(error: &sqlx::Error) -> bool {
    sqlstate(error).is_some_and(|state| state.starts_with("28") || state == "3D000")
}

pub(crate) fn sqlstate(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    (code.len() == 5).then(|| code.into_owned())
}
