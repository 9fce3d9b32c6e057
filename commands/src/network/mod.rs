//! A network: founding it and setting its rules.

pub mod found;
pub mod set_policy;

impl crate::lookup::Indexed for domain::network::Network {}
