//! Real PostgreSQL and NATS servers for tests: the shared ones that `tests/run` started, or private
//! ones on free ports, which never outlive the process that started them.

mod nats;
mod postgres;
mod process;

pub use nats::{Nats, NatsServer, nats, nats_program};
pub use postgres::{Database, Postgres, postgres, postgres_program};
pub(crate) use process::ServerProcess;

use std::hash::{BuildHasher, Hasher};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// A name that no other test has, in this process or another: for databases, streams and subjects.
/// Lower case, at most 30 characters, good as an SQL identifier and as a NATS token.
#[must_use]
pub fn unique_name(prefix: &str) -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let random = std::hash::RandomState::new().build_hasher().finish();
    format!(
        "{prefix}_{}_{count}_{random:08x}",
        std::process::id(),
        random = random >> 32
    )
}

/// A port that was free a moment ago. Whoever starts a server on it must be ready to try another.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port on loopback");
    listener.local_addr().expect("a bound address").port()
}

/// The tool that `variable` names, or the first of `candidates` that exists, or the one on the PATH.
pub(crate) fn tool(
    variable: &str,
    name: &str,
    candidates: impl IntoIterator<Item = PathBuf>,
) -> PathBuf {
    let on_path = std::env::var_os("PATH")
        .map(|path| {
            std::env::split_paths(&path)
                .map(|dir| dir.join(name))
                .collect::<Vec<_>>()
        })
        .unwrap_or_default();
    std::env::var_os(variable)
        .map(PathBuf::from)
        .into_iter()
        .chain(candidates)
        .chain(on_path)
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: `./tests/run` installs it"))
}
