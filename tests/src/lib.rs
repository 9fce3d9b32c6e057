//! What whole-system tests stand on: real servers, the real binary, and waiting for facts.
#![expect(
    clippy::missing_panics_doc,
    reason = "a harness of tests reports by panicking"
)]
#![expect(
    clippy::must_use_candidate,
    reason = "getters of a harness need no such note"
)]

pub mod app;
pub mod client;

pub mod acts;
pub mod browser;
pub mod demo;
pub mod history;
pub mod installation;
pub mod lives;
pub mod neighbours;
pub mod outside;
pub mod servers;
pub mod tamper;
pub mod views;
pub mod wait;
pub mod workspace;
