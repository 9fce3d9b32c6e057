//! Where can I go now? The first page: what is open, what is free, what waits on the boards.

pub mod home;
pub mod host;
pub mod venue;
