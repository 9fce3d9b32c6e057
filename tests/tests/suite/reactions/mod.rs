//! What follows from acts, with the process ended anywhere in between: the result is the same.

mod disposal;
mod expiry;
mod forgetting;
mod help;
mod leaving;

pub mod bench;
pub mod house;
mod neighbours;
