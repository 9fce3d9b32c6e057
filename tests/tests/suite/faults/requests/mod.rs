//! Requests that nobody who means well sends.

mod sample;

mod bodies;
mod codes;
mod documented;
mod foreign;
mod keys;
mod texts;
mod values;
