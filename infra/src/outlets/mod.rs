//! Places outside the database to which checkpoints go.

mod file;
mod nats;

pub use file::FileOutlet;
pub use nats::NatsOutlet;
