//! Districts.

pub mod draw;

impl crate::lookup::Indexed for domain::district::District {}
