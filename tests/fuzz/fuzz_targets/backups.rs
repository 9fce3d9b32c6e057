//! A backup of keys that is put back. `LOG` stands for the id of the log; the last line is made so that it
//! fits all before.
#![no_main]

use std::sync::LazyLock;

use chrono::DateTime;
use commands::log::EventLog as _;
use infra::sqlite::SqliteLog;
use infra::vault::backup::Restore;
use infra::vault::master::MasterKey;
use infra::vault::SqliteKeys;
use libfuzzer_sys::fuzz_target;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().expect("threads"));
static LOG: LazyLock<SqliteLog> =
    LazyLock::new(|| RUNTIME.block_on(SqliteLog::memory()).expect("memory"));

fuzz_target!(|text: &str| {
    let log = &*LOG;
    let mut text = text.replace("LOG", &log.log_id().to_string());
    let (keys, sha256) = (text.lines().skip(1).count(), hex::encode(Sha256::digest(&text)));
    text += &json!({"keys": keys, "sha256": sha256}).to_string();
    RUNTIME.block_on(async {
        let table = SqliteKeys::memory().await.expect("memory");
        let restore = Restore {
            table: &table,
            log,
            master: &MasterKey::new([7; 32].into()),
            now: DateTime::UNIX_EPOCH,
            accept_older_log: true,
        };
        let _wrong_as_a_rule = restore.run(|| Ok(text.as_bytes())).await;
    });
});
