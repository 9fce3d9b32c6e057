//! x
#![warn(missing_docs, clippy::wildcard_enum_match_arm)]
