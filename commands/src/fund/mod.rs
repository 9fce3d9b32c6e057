//! Funds.

pub mod close;
pub mod open;

impl crate::lookup::Indexed for domain::fund::Fund {}
