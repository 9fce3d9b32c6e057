//! x
#![warn(clippy::wildcard_enum_match_arm)]
