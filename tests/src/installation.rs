//! An installation of the real binary: founded, served, killed, started again, and looked at
//! afterwards by its own verbs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use domain::evidence::note::VerifierKey;
use serde_json::Value;
use tempfile::TempDir;

use crate::app::NETWORK;
use crate::client::Client;
use crate::servers::ServerProcess;
use crate::workspace;

/// The exit code of a program that panicked.
const PANICKED: i32 = 101;

/// A data directory with the network of the tests, and the servers that it works with.
pub struct Installation {
    folder: TempDir,
    database: Option<String>,
    nats: Option<String>,
    token: String,
    key: String,
}

impl Installation {
    /// Founds the network over SQLite, or over the database of this owner.
    pub fn found(database: Option<&str>, nats: Option<&str>) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("sospeso-town-")
            .tempdir()
            .expect("a temporary folder");
        let mut town = Self {
            folder,
            database: database.map(str::to_owned),
            nats: nats.map(str::to_owned),
            token: String::new(),
            key: String::new(),
        };
        if let Some(database) = database {
            town.done(&["init", "--database", database]);
        }
        let found = "init --name Lev --currency CZK --timezone Europe/Prague --country CZ \
                     --languages cs --network";
        let arguments: Vec<&str> = found.split_whitespace().chain([NETWORK]).collect();
        let founded = town.done(&arguments);
        let text = |name: &str| founded[name].as_str().expect("a text").to_owned();
        (town.token, town.key) = (text("token"), text("key"));
        town
    }

    /// The operator's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The public key of its log.
    pub fn log_key(&self) -> VerifierKey {
        self.key.parse().expect("a key")
    }

    /// Where it keeps its files.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A folder for what is no data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a verb to its end: whether it succeeded, and the lines that it printed.
    pub fn verb(&self, arguments: &[&str]) -> (bool, Vec<Value>) {
        let mut command = Command::new(workspace::binary());
        command.args(arguments);
        self.set(&mut command);
        let output = command.output().expect("it starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_ne!(
            output.status.code(),
            Some(PANICKED),
            "{arguments:?}: {errors}"
        );
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let json = |line: &str| {
            serde_json::from_str(line).unwrap_or_else(|_| panic!("{arguments:?} said {line}"))
        };
        (output.status.success(), text.lines().map(json).collect())
    }

    /// The last line of a verb that succeeds.
    pub fn done(&self, arguments: &[&str]) -> Value {
        let (success, lines) = self.verb(arguments);
        assert!(success, "{arguments:?}: {lines:?}");
        lines.last().cloned().unwrap_or_default()
    }

    /// Serves on a free port.
    pub fn serve(&self) -> Gateway {
        self.serve_with(&[], &[])
    }

    /// Serves with further arguments, under a program such as `faketime`.
    pub fn serve_with(&self, under: &[&str], arguments: &[&str]) -> Gateway {
        self.run(
            under,
            &[&["serve", "--listen", "127.0.0.1:0"], arguments].concat(),
        )
    }

    /// Runs the worker that follows the log beside gateways; it has no address.
    pub fn project(&self) -> Worker {
        let mut process = ServerProcess::in_folder("sospeso project", folder(), "TERM");
        let mut command = Command::new(workspace::binary());
        command.arg("project").stdout(Stdio::null());
        self.set(&mut command);
        process.start(command);
        Worker(process)
    }

    fn run(&self, under: &[&str], arguments: &[&str]) -> Gateway {
        let mut words: Vec<&std::ffi::OsStr> = under.iter().map(AsRef::as_ref).collect();
        words.push(workspace::binary().as_os_str());
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).args(arguments);
        self.set(&mut command);
        let mut process = ServerProcess::in_folder("sospeso serve", folder(), "TERM");
        let line = process.start_and_hear(command);
        let ready: Value = serde_json::from_str(&line).expect("JSON");
        let url = ready["url"].as_str().expect("its address").to_owned();
        let operator = Client::new(&url, NETWORK).with_token(&self.token);
        Gateway {
            process,
            url,
            operator,
        }
    }

    fn set(&self, command: &mut Command) {
        command.args(["--json", "--data"]).arg(self.data());
        if let Some(database) = &self.database {
            command.args(["--database-url", database]);
        }
        if let Some(nats) = &self.nats {
            command.args(["--nats-url", nats]);
        }
        command.env_clear().current_dir(self.folder.path());
        if let Some(path) = std::env::var_os("PATH") {
            command.env("PATH", path);
        }
    }
}

fn folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("sospeso-serve-").tempdir();
    folder.expect("a temporary folder").keep()
}

/// A running gateway; ended with its handle.
pub struct Gateway {
    process: ServerProcess,
    url: String,
    operator: Client,
}

impl Gateway {
    /// Where it listens.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whoever runs the network.
    pub fn operator(&self) -> &Client {
        &self.operator
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.process.pid().expect("it runs")
    }

    /// Without a chance to put anything in order.
    pub fn kill(mut self) {
        self.process.end_with("KILL");
    }

    /// Asks it to end and waits; whether it ended in order.
    pub fn end(mut self) -> bool {
        let ended = self.process.end_with("TERM");
        ended.is_some_and(|status| status.success())
    }

    /// What it wrote.
    pub fn log(&self) -> String {
        self.process.log()
    }
}

/// A running worker; ended with its handle.
pub struct Worker(ServerProcess);

impl Worker {
    /// Without a chance to put anything in order.
    pub fn kill(mut self) {
        self.0.end_with("KILL");
    }
}
