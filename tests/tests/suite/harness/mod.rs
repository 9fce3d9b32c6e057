//! The harness itself: servers are real and leave nothing behind, browser and outside clients work.

mod browser;
mod nats;
mod outside;
mod postgres;
