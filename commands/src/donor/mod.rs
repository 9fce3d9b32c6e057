//! Donors.

pub mod register;

impl crate::lookup::Indexed for domain::donor::Donor {}
