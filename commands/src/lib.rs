//! One path for every act: authorise, gather facts, one domain decision, one append.
//!
//! The ports that it needs stand here: [`log::EventLog`], [`lookup::Lookup`], [`vault::Vault`].
#![warn(missing_docs)]

pub mod principal;
// pub mod executor;
// pub mod work;
// pub mod picks;
pub mod codes;
pub mod tokens;

pub mod log;
pub mod lookup;
pub mod vault;
// pub mod store;
// mod cache;

// pub mod access;
// pub mod network;
// pub mod venue;
// pub mod voucher;
