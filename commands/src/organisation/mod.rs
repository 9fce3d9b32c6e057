//! Organisations.

pub mod join;
pub mod leave;

impl crate::lookup::Indexed for domain::organisation::Organisation {}
