//! PostgreSQL: the event log and its lookups, leadership and checkpoints, in the schema `log`.
//!
//! Whoever owns the database runs [`migrate`]; everybody else logs in as a member of the
//! application's role, which may read and call `log.append`, the one way in.

pub mod migrate;
pub mod roles;

mod append;
mod changes;
mod examine;
pub mod log;
mod lookup;
mod rebuild;
mod scan;
mod streams;

pub mod checkpoints;
pub mod leadership;

mod connection;
pub(crate) mod copy;
pub(crate) mod error;

pub use error::OpenError;
pub use examine::Examined;
pub use log::PgLog;
pub use scan::PgScan;
