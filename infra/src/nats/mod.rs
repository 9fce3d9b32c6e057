//! NATS JetStream: the log as a stream for everybody else, in the same order under the same numbers.
//!
//! The stream is never the truth. It can be deleted at any time and is filled again from the log.
//!
//! Every event is in it once. A consumer may still be given a message again, and out of order, as
//! whoever acknowledges late is. So a reader keeps the last `ce-position` together with what it made
//! of it, takes the message with the next one, is done with a lower one, and has a higher one given
//! again. A reader of a few subjects only, who sees gaps, takes an ordered consumer, or remembers
//! each `ce-id`.

pub mod relay;

pub mod stream;

mod compare;
mod message;

pub mod wake;
