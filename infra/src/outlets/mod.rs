//! Places outside the database to which checkpoints go.

mod file;
mod nats;
mod witness;

pub use file::FileOutlet;
pub use nats::NatsOutlet;
pub use witness::WitnessOutlet;
