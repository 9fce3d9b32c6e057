//! Every whole-system test, in one binary for the sake of link time.

mod harness;
mod house;
mod postgres;
