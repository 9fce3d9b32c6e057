//! NATS with JetStream: one server for many tests, private ones for tests that take it away.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use super::{ServerProcess, free_port, tool, unique_name};

/// The server that `SOSPESO_TEST_NATS_URL` names, or a private one that ends with the process. Tests
/// share it, so each takes a stream name and a subject prefix from [`super::unique_name`].
pub fn nats() -> &'static Nats {
    static SHARED: OnceLock<Nats> = OnceLock::new();
    SHARED.get_or_init(|| {
        if let Ok(url) = std::env::var("SOSPESO_TEST_NATS_URL") {
            return Nats { url, _server: None };
        }
        let folder = temporary_folder();
        let server = NatsServer::start_in(&folder.join("store"), None, folder, None);
        Nats {
            url: server.url(),
            _server: Some(server),
        }
    })
}

pub struct Nats {
    url: String,
    _server: Option<NatsServer>,
}

impl Nats {
    pub fn url(&self) -> &str {
        &self.url
    }
}

/// A private server over a store that the caller owns, and that outlives stop, kill and restart.
pub struct NatsServer {
    process: ServerProcess,
    store: PathBuf,
    port: u16,
    login: Option<(String, String)>,
}

impl NatsServer {
    /// On `port`, or on a free one.
    #[must_use]
    pub fn start(store: &Path, port: Option<u16>) -> NatsServer {
        NatsServer::start_in(store, port, temporary_folder(), None)
    }

    /// On a free port, for whoever knows this user and password.
    #[must_use]
    pub fn start_for(store: &Path, user: &str, password: &str) -> NatsServer {
        let login = Some((user.to_owned(), password.to_owned()));
        NatsServer::start_in(store, None, temporary_folder(), login)
    }

    /// `folder` is removed with the server.
    fn start_in(
        store: &Path,
        port: Option<u16>,
        folder: PathBuf,
        login: Option<(String, String)>,
    ) -> NatsServer {
        let process = ServerProcess::in_folder("nats-server", folder, "TERM");
        let mut server = NatsServer {
            process,
            store: store.to_path_buf(),
            port: 0,
            login,
        };
        let started = (0..5).any(|_| {
            server.port = port.unwrap_or_else(free_port);
            server.run()
        });
        assert!(
            started,
            "nats-server does not start:\n{}",
            server.process.log()
        );
        server
    }

    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A clean stop.
    pub fn stop(&mut self) {
        self.process.end_with("TERM");
    }

    /// As if the process was killed: nothing is flushed.
    pub fn kill(&mut self) {
        self.process.end_with("KILL");
    }

    /// Starts again on the same port and store after [`NatsServer::stop`] or [`NatsServer::kill`].
    pub fn restart(&mut self) {
        assert!(
            self.run(),
            "nats-server does not start again:\n{}",
            self.process.log()
        );
    }

    fn run(&mut self) -> bool {
        let program = tool(
            "SOSPESO_NATS_SERVER",
            "nats-server",
            ["/usr/sbin/nats-server".into()],
        );
        let mut command = Command::new(program);
        command
            .args(["--addr", "127.0.0.1", "--jetstream", "--store_dir"])
            .arg(&self.store);
        let name = unique_name("server");
        command.args(["--port", &self.port.to_string(), "--server_name", &name]);
        if let Some((user, password)) = &self.login {
            command.args(["--user", user, "--pass", password]);
        }
        command.stdout(self.process.log_file());
        self.process.start(command);
        let port = self.port;
        self.process
            .ready(|| greets_with_jetstream(port, &name))
            .is_some()
    }
}

/// The server's program.
pub fn nats_program() -> PathBuf {
    tool(
        "SOSPESO_NATS_SERVER",
        "nats-server",
        ["/usr/sbin/nats-server".into()],
    )
}

/// The first line that a server sends says who it is (another may have taken the port meanwhile) and
/// whether JetStream is on.
fn greets_with_jetstream(port: u16, name: &str) -> Option<()> {
    let stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
    let mut greeting = String::new();
    BufReader::new(stream).read_line(&mut greeting).ok()?;
    let info: serde_json::Value = serde_json::from_str(greeting.strip_prefix("INFO ")?).ok()?;
    (info["jetstream"] == true && info["server_name"] == name).then_some(())
}

fn temporary_folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("sospeso-nats-").tempdir();
    folder.expect("a temporary folder").keep()
}
