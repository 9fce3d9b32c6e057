//! Free services.

pub mod change;
pub mod offer;
pub mod pause;
pub mod provide;
pub mod resume;
pub mod withdraw;

mod provider;

impl crate::lookup::Indexed for domain::service::Service {}
