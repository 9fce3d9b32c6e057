//! The log in one SQLite file: for one machine, and any number of processes on it.

mod append;
mod connection;
mod examine;
mod jobs;
mod log;
mod lookup;
mod pages;
mod rows;
mod scan;

pub use connection::{Database, Deleted, Steps, broken, is_away, is_busy, look, only_settled};
pub use examine::Examined;
pub use log::SqliteLog;
pub use scan::SqliteScan;
