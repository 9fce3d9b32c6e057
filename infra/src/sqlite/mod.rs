//! The log in one SQLite file: for one machine, and any number of processes on it.

mod append;
mod connection;
mod examine;
mod jobs;
mod log;
mod lookup;
mod rows;

pub use connection::{Database, Deleted, Steps, broken};
pub use examine::Examined;
pub use log::SqliteLog;
