//! What is told in confidence lies nowhere in clear.

mod canary;
mod keys;

mod places;
