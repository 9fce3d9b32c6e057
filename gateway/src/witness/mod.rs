//! The witness: follows one log from outside and cosigns its checkpoints, and never two that
//! contradict each other. It is to be run by somebody else than the log, on another machine.

pub mod keeper;
pub mod serve;
