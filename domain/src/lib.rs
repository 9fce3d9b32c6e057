//! What happens in a solidarity network: acts, the states they lead to, and the rules between them.
//!
//! Nothing here waits, reads a clock or talks to a database. A decision is a pure function of a
//! state and a command; the command carries the facts, the time and the new ids.
#![warn(missing_docs, clippy::wildcard_enum_match_arm)]

#[macro_use]
mod aggregate;
#[macro_use]
mod refusal;

pub mod entry;
pub mod envelope;
pub mod evidence;
#[macro_use]
pub mod event;
pub mod geography;
pub mod help;
pub mod hours;
pub mod ids;
pub mod money;
pub mod sealed;
pub mod text;
pub mod time;
pub mod upcast;

pub mod access;
pub mod district;
pub mod donor;
pub mod fund;
pub mod help_request;
pub mod member;
pub mod network;
pub mod organisation;
pub mod place;
pub mod service;
pub mod subject;
pub mod task;
pub mod venue;
pub mod voucher;

pub use aggregate::{Entity, Stream};
pub use event::Event;
pub use refusal::{Refusal, Refused};

#[cfg(test)]
mod golden;
#[cfg(test)]
mod stories;
