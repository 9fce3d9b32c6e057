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

pub use connection::{Database, Deleted, Steps, broken, look};
pub(crate) use connection::{is_held, takes_no_more};
pub use examine::Examined;
pub use log::SqliteLog;
pub use scan::SqliteScan;
