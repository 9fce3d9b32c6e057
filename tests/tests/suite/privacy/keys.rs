//! After a key was destroyed and its files were written anew, no byte of it is left.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use commands::vault::Vault as _;
use domain::sealed::SealedField;
use infra::vault::keys::KeyTable;
use infra::vault::master::{MasterKey, Secret};
use infra::vault::{PgKeys, SealingVault, SqliteKeys};
use sqlx::Connection as _;
use tests::servers::{Postgres, postgres_program};
use uuid::Uuid;

const SUBJECT: Uuid = Uuid::from_u128(2);

/// The files below a folder that hold these bytes, in clear or hexadecimal.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let forms = [bytes.to_vec(), hex::encode(bytes).into_bytes()];
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(holding(&path, bytes));
        } else if let Ok(file) = std::fs::read(&path) {
            let holds = |form: &Vec<u8>| file.windows(form.len()).any(|window| window == form);
            if forms.iter().any(holds) {
                found.push(path);
            }
        }
    }
    found
}

/// A key that was used, as it lies in its table.
async fn a_key(table: &Arc<dyn KeyTable>) -> (SealingVault, Vec<u8>) {
    let master = MasterKey::new(Secret::new([1; 32]));
    let vault = SealingVault::open(Uuid::from_u128(1), master, table.clone()).await;
    let vault = vault.expect("a vault");
    let field = SealedField {
        network: "praha".parse().expect("a slug"),
        aggregate_type: "subject",
        aggregate_id: SUBJECT,
        field: "contact",
    };
    let sealed = vault.seal(SUBJECT, field, "777 000 111".into()).await;
    sealed.expect("sealed");
    let row = table.find(SUBJECT).await.expect("a look").expect("a row");
    (vault, row.wrapped.expect("a key"))
}

#[tokio::test]
async fn sqlite_keeps_no_byte_of_a_destroyed_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let keys = SqliteKeys::open(folder.path().join("keys.db")).await;
    let table: Arc<dyn KeyTable> = Arc::new(keys.expect("a table"));
    let (vault, wrapped) = a_key(&table).await;
    assert!(!holding(folder.path(), &wrapped).is_empty());
    vault.destroy(SUBJECT).await.expect("destroyed");
    table.scrub().await.expect("scrubbed");
    assert_eq!(holding(folder.path(), &wrapped), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn postgres_keeps_no_byte_of_a_destroyed_key_once_its_files_are_written_anew() {
    let server = Postgres::start();
    let database = server.database().await;
    let mut superuser = sqlx::PgConnection::connect(database.superuser_url())
        .await
        .expect("a connection");
    for sql in [
        "ALTER SYSTEM SET wal_recycle = off",
        "SELECT pg_reload_conf()",
    ] {
        let done = sqlx::raw_sql(sql).execute(&mut superuser).await;
        done.expect(sql);
    }
    let keys = PgKeys::connect(database.owner_url()).await;
    let table: Arc<dyn KeyTable> = Arc::new(keys.expect("a table"));
    let (vault, wrapped) = a_key(&table).await;
    let data = server.data().expect("a private server");
    assert!(
        !holding(&data, &wrapped).is_empty(),
        "the search finds what is there"
    );
    vault.destroy(SUBJECT).await.expect("destroyed");
    assert!(
        table.scrub().await.is_err(),
        "a mere owner may not write the server's files"
    );
    let above = PgKeys::connect(database.superuser_url()).await;
    above.expect("a table").scrub().await.expect("scrubbed");
    assert_eq!(holding(&data, &wrapped), Vec::<PathBuf>::new());
    assert!(!dumped(database.superuser_url(), &wrapped));
}

/// Whether a dump of the database holds these bytes.
fn dumped(url: &str, bytes: &[u8]) -> bool {
    let output = Command::new(postgres_program("pg_dump")).arg(url).output();
    let output = output.expect("it starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let dump = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(dump.contains(&SUBJECT.to_string()), "it dumps the table");
    dump.contains(&hex::encode(bytes))
}
