//! x
#![warn(missing_docs)]
