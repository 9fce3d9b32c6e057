//! Where the workspace and what it builds lie.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// The folder of the root `Cargo.toml`.
#[must_use]
pub fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
        tests
            .parent()
            .expect("the crate `tests` lies in the workspace")
            .to_path_buf()
    })
}

/// The folder that cargo builds into: above `<profile>/deps/<this test>`.
pub fn target() -> &'static Path {
    static TARGET: OnceLock<PathBuf> = OnceLock::new();
    TARGET.get_or_init(|| {
        let test = std::env::current_exe().expect("a running test");
        test.ancestors()
            .nth(3)
            .expect("cargo's target folder")
            .to_path_buf()
    })
}

/// The binary `sospeso`: what `SOSPESO_BIN` names, or else built now in the profile of this test, so
/// that a plain `cargo test` never meets a stale one.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| std::env::var_os("SOSPESO_BIN").map_or_else(build_binary, PathBuf::from))
}

fn build_binary() -> PathBuf {
    let mut build = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build.args([
        "build",
        "--quiet",
        "--package",
        "gateway",
        "--bin",
        "sospeso",
    ]);
    build
        .args(["--message-format", "json"])
        .current_dir(root())
        .stderr(Stdio::inherit());
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    let output = build.output().expect("cargo starts");
    assert!(
        output.status.success(),
        "`cargo build --package gateway --bin sospeso` failed"
    );
    String::from_utf8(output.stdout)
        .expect("cargo writes UTF-8")
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter(|message| message["target"]["name"] == "sospeso")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .expect("cargo names the executable that it built")
}
