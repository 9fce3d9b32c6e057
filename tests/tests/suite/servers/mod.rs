//! The harness itself: the servers are real, private where they must be, and leave nothing behind.

mod nats;
mod postgres;
