//! The roles of a database. Nobody logs in as one of them: logins are made their members.

/// The longest name of a database in bytes, because the roles are named after it.
pub const LONGEST_DATABASE: usize = 63 - "_log_owner".len();

/// The names of a database's roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles {
    /// Owns the schemas, their tables and `log.append`.
    pub owner: String,
    /// Reads the log, calls `log.append`, and makes read models in the schema `views`.
    pub app: String,
    /// Reads the documented views in the schema `views`.
    pub analyst: String,
}

impl Roles {
    /// The roles of the database with this name.
    #[must_use]
    pub fn of(database: &str) -> Self {
        Self {
            owner: format!("{database}_log_owner"),
            app: format!("{database}_app"),
            analyst: format!("{database}_analyst"),
        }
    }
}

/// A name as it stands in SQL.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
