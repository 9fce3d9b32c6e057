//! The engines: how each is opened.

mod postgres;
mod sqlite_file;
mod sqlite_memory;

use super::Handle;

/// Opens what [`super::Harness::address`] told, in a process of its own.
pub async fn open(address: &str) -> Handle {
    match address.split_once(':') {
        Some(("file", path)) => sqlite_file::open(path.as_ref()).await,
        Some(("postgres", _)) => postgres::open(address).await,
        _ => panic!("no engine is opened by {address}"),
    }
}
