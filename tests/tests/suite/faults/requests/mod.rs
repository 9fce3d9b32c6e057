//! Requests that nobody who means well sends.

mod sample;

mod bodies;
mod codes;
mod foreign;
mod keys;
mod values;
