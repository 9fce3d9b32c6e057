//! What must follow from an act: it reads the log and issues ordinary commands.

pub mod ports;
