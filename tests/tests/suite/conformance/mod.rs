//! What every engine of the log must do, written once and run on each.
//!
//! A case is a function of a [`Harness`]; the list of cases is the macro `conformance!`, and an
//! engine is a file in `engines` that says how it is opened.

#[macro_use]
mod list;

mod engines;
pub mod given;

mod appending;
mod cancelling;
mod frameworks;
mod jobs;
mod limits;
mod lookups;
mod model;
mod processes;
mod repeating;
mod tailing;

use std::any::Any;
use std::sync::Arc;

use commands::log::EventLog;
use commands::lookup::{Lookup, RebuildLookups};
use commands::reaction::ports::{Checkpoints, Leadership};

/// One empty log, and the ways to reach it.
pub trait Harness: Send + Sync + Sized + 'static {
    /// An empty log.
    async fn fresh() -> Self;

    /// Opens the log: each call is another handle, as another process has one. An engine without
    /// such a thing gives its only handle.
    async fn open(&self) -> Handle;

    /// Runs a statement against the events past the port, with the rights of whoever owns them.
    async fn tamper(&self, sql: &str) -> Result<(), sqlx::Error>;

    /// Opens a transaction that reads and, where the engine lets it, has written something, and
    /// keeps it open until the answer is dropped.
    async fn slow_transaction(&self) -> Box<dyn Any + Send>;

    /// What another process must be told to open the same log; `None` if it cannot.
    fn address(&self) -> Option<String>;
}

/// All ports of one opened log.
#[derive(Clone)]
pub struct Handle {
    pub log: Arc<dyn EventLog>,
    pub lookup: Arc<dyn Lookup>,
    pub rebuild: Arc<dyn RebuildLookups>,
    pub checkpoints: Arc<dyn Checkpoints>,
    pub leadership: Arc<dyn Leadership>,
}

impl Handle {
    /// Of a type that implements them all.
    pub fn of<T>(engine: T) -> Self
    where
        T: EventLog + Lookup + RebuildLookups + Checkpoints + Leadership + 'static,
    {
        let engine = Arc::new(engine);
        Self {
            log: engine.clone(),
            lookup: engine.clone(),
            rebuild: engine.clone(),
            checkpoints: engine.clone(),
            leadership: engine,
        }
    }
}
