//! Venues.

pub mod admit;
pub mod list_item;

impl crate::lookup::Indexed for domain::venue::Venue {}
