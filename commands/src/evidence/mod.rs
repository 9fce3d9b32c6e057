//! The sealed history: a job extends the tree over the log and signs checkpoints, others read it.
//!
//! Appends know nothing of it. What was signed is never taken back: a log that no longer has what
//! was sealed stops the sealer, visibly.

pub mod key;
pub mod ports;

pub mod publisher;
pub mod sealer;
pub mod streams;

pub mod proofs;
pub mod receipts;

pub mod leaves;
pub mod scan;
pub mod verify;
