//! A copy of a log that somebody hands to an auditor: the log's id, its events, its checkpoints and its
//! key, with lines of `%%` between. The manifest is made so that it fits.
#![no_main]

use std::sync::LazyLock;

use clap::Parser;
use gateway::cli::Common;
use gateway::cli::audit::Audit;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::runtime::Runtime;

#[derive(Parser)]
struct Asked {
    #[command(flatten)]
    common: Common,
    #[command(flatten)]
    audit: Audit,
}

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("threads"));
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a folder"));

fuzz_target!(|text: &str| {
    let mut parts = text.split("\n%%\n");
    let log_id = parts.next().unwrap_or_default();
    let (mut files, mut position) = (Vec::new(), 0);
    for name in ["events.jsonl", "checkpoints.jsonl", "key.txt"] {
        let file = FOLDER.path().join(name);
        let Some(part) = parts.next() else {
            let _not_there = std::fs::remove_file(file);
            continue;
        };
        std::fs::write(file, part).expect("room");
        files.push(json!({"name": name, "sha256": hex::encode(Sha256::digest(part))}));
        if name == "events.jsonl" {
            position = part.lines().count();
        }
    }
    let manifest = json!({
        "format": "sospeso-bundle/1", "log_id": log_id, "position": position, "files": files,
    });
    std::fs::write(FOLDER.path().join("manifest.json"), manifest.to_string()).expect("room");
    let folder = FOLDER.path().to_str().expect("a name");
    let asked = Asked::parse_from(["sospeso", "check", folder]);
    let _wrong_as_a_rule = RUNTIME.block_on(asked.audit.run(&asked.common));
});
