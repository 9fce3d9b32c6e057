//! NATS JetStream: the log as a stream for everybody else, in the same order under the same numbers.
//!
//! The stream is never the truth. It can be deleted at any time and is filled again from the log.

pub mod relay;

pub mod stream;

mod compare;
mod message;

pub mod wake;
