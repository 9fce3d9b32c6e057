//! The real binary's demo on a free port, for tests that look at it from outside.

use std::path::PathBuf;
use std::process::Command;

use serde::Deserialize;

use crate::servers::ServerProcess;
use crate::workspace;

/// A running demo; ended and removed with the handle.
pub struct Demo {
    pub ready: Ready,
    _process: ServerProcess,
}

/// The line that `sospeso demo --json` prints when it can be used.
#[derive(Debug, Deserialize)]
pub struct Ready {
    pub url: String,
    /// Token by role.
    pub tokens: std::collections::BTreeMap<String, String>,
    pub donor_link: String,
    /// Whatever else it tells.
    #[serde(flatten)]
    pub more: serde_json::Map<String, serde_json::Value>,
}

impl Demo {
    /// Embedded, in a folder of its own.
    pub fn start() -> Demo {
        Demo::start_with(&[])
    }

    /// With further arguments.
    pub fn start_with(arguments: &[&str]) -> Demo {
        let folder = temporary_folder();
        let mut command = Command::new(workspace::binary());
        command.args(["demo", "--json", "--listen", "127.0.0.1:0", "--data"]);
        command
            .arg(folder.join("data"))
            .args(arguments)
            .current_dir(&folder);
        let mut process = ServerProcess::in_folder("sospeso demo", folder, "TERM");
        let line = process.start_and_hear(command);
        let ready = serde_json::from_str(&line)
            .unwrap_or_else(|error| panic!("`sospeso demo --json` printed {line:?}: {error}"));
        Demo {
            ready,
            _process: process,
        }
    }
}

fn temporary_folder() -> PathBuf {
    let folder = tempfile::Builder::new().prefix("sospeso-demo-").tempdir();
    folder.expect("a temporary folder").keep()
}
