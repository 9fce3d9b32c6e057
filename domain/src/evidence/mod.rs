//! Evidence: the history as a Merkle tree (RFC 6962, RFC 9162), in the public formats of C2SP, so
//! that anyone can check it with tools that are not ours.
//!
//! One tree for the whole log: the leaf of the event at position p has index p - 1, and its hash is
//! the leaf hash of [`crate::entry`]. Nothing here reads or writes; hashes come in through closures.

pub mod proof;
pub mod tile;
pub mod tree;

pub mod line;
pub mod note;

pub mod checkpoint;
pub mod cosignature;
pub mod tlog_proof;

pub mod add_checkpoint;
pub mod event_proof;
pub mod opening;
pub mod receipt;
