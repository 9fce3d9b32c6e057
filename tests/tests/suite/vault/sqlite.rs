use std::sync::Arc;

use commands::vault::Vault;
use infra::vault::SqliteKeys;
use infra::vault::keys::KeyTable;
use tempfile::TempDir;

use super::{SUBJECT, contact, vault, vault_cases, vault_suite};

async fn fresh() -> (TempDir, Arc<dyn KeyTable>) {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = SqliteKeys::open(folder.path().join("keys.db")).await;
    (folder, Arc::new(keys.expect("a table")))
}

vault_suite!(fresh);

#[tokio::test]
async fn a_destroyed_key_is_in_no_file() {
    let (folder, table) = fresh().await;
    let vault = vault(&table).await;
    vault
        .seal(SUBJECT, contact(), "text".into())
        .await
        .expect("sealed");
    let row = table.find(SUBJECT).await.expect("a look").expect("a row");
    let wrapped = row.wrapped.expect("a key");
    let is_in_a_file = || {
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        let mut files = files.map(|file| std::fs::read(file.expect("an entry").path()));
        files.any(|bytes| {
            let bytes = bytes.expect("a file");
            bytes.windows(wrapped.len()).any(|window| window == wrapped)
        })
    };
    assert!(is_in_a_file());
    vault.destroy(SUBJECT).await.expect("destroyed");
    assert!(!is_in_a_file());
}
