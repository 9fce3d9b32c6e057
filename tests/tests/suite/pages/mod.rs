//! The pages: read without scripts, in three languages, small, and silent about secrets.

mod catalogue;
mod counter;
mod gallery;
mod reading;
mod verify;
mod walks;
