//! One path for every act: authorise, gather facts, one domain decision, one append.
//!
//! The ports that it needs stand here: [`log::EventLog`], [`lookup::Lookup`], [`vault::Vault`].
#![warn(missing_docs)]

pub mod clock;
pub mod codes;
pub mod executor;
pub mod picks;
pub mod principal;
pub mod tokens;
pub mod work;

mod cache;
pub mod evidence;
pub mod log;
pub mod lookup;
pub mod opening;
pub mod reaction;
pub mod store;
mod turns;
pub mod vault;

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
