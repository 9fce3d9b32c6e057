//! A log and its seals on either engine, what an owner of the database does to them behind the
//! program's back, and `sospeso audit verify`.

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use chrono::DateTime;
use commands::evidence::key::LogKey;
use commands::evidence::ports::Seals;
use commands::evidence::sealer::{Sealer, Step};
use commands::log::{Append, Appended, EventLog, Expect};
use commands::reaction::ports::Leadership;
use domain::Stream;
use domain::envelope::{Record, Recorded};
use infra::postgres::PgLog;
use infra::seals::{PgSeals, SqliteSeals};
use infra::sqlite::SqliteLog;
use serde_json::Value;
use sqlx::{Connection, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tests::servers::{Database, postgres};
use tests::{tamper, workspace};
use uuid::Uuid;

/// Every stream has this many events.
const A_STREAM: i64 = 3;

pub struct World {
    folder: TempDir,
    database: Option<Database>,
    pub log: Arc<dyn EventLog>,
    pub seals: Arc<dyn Seals>,
    pub leadership: Arc<dyn Leadership>,
    pub key: LogKey,
}

impl World {
    pub async fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = SqliteLog::open(folder.path().join("log.db")).await;
        let log = Arc::new(log.expect("a log"));
        let seals = SqliteSeals::open(folder.path().join("seals.db")).await;
        Self::over(folder, None, log, Arc::new(seals.expect("seals")))
    }

    pub async fn postgres() -> Self {
        let database = postgres().database().await;
        let log = PgLog::connect(database.owner_url()).await;
        let log = Arc::new(log.expect("a log"));
        let seals = Arc::new(PgSeals::of(&log));
        let folder = tempfile::tempdir().expect("a folder");
        Self::over(folder, Some(database), log, seals)
    }

    fn over<L: EventLog + Leadership + 'static>(
        folder: TempDir,
        database: Option<Database>,
        log: Arc<L>,
        seals: Arc<dyn Seals>,
    ) -> Self {
        let origin = LogKey::default_origin(log.log_id());
        Self {
            folder,
            database,
            key: LogKey::new(&origin, &[7; 32]).expect("a key"),
            log: log.clone(),
            seals,
            leadership: log,
        }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A login that may read the log and nothing else; `None` where the log is a file.
    pub async fn auditor(&self) -> Option<String> {
        let database = self.database.as_ref()?;
        let login = format!("{}_auditor", database.name());
        let sql = format!(
            "CREATE ROLE {login} LOGIN PASSWORD '{login}';
             GRANT USAGE ON SCHEMA log TO {login};
             GRANT SELECT ON ALL TABLES IN SCHEMA log TO {login}"
        );
        tamper::postgres(database, &sql).await;
        Some(database.url_as(&login))
    }

    pub fn sealer(&self) -> Sealer {
        let leadership = Arc::clone(&self.leadership);
        Sealer::new(
            Arc::clone(&self.log),
            Arc::clone(&self.seals),
            leadership,
            self.key.clone(),
        )
    }

    /// Seals all that there is.
    pub async fn seal(&self) {
        while self.sealer().step().await.expect("a step") == Step::More {}
    }

    /// Appends events, three to a stream.
    pub async fn record(&self, events: i64) {
        let head = self.log.head().await.expect("a head");
        for position in head + 1..=head + events {
            let record = record(self.log.log_id(), position);
            let stream = Stream {
                aggregate_type: "voucher",
                id: record.aggregate_id,
            };
            let done = self.log.append(Append {
                expects: vec![Expect {
                    stream,
                    version: record.sequence - 1,
                }],
                records: vec![record],
                ..Append::default()
            });
            assert_eq!(done.await, Ok(Appended::Done { position }));
        }
    }

    pub async fn all(&self) -> Vec<Recorded> {
        self.log.read(0, 10_000).await.expect("the log")
    }

    /// Does to the log what only an owner of the database can, the triggers being off. `events` and
    /// `head` stand for the tables.
    pub async fn tamper(&self, sql: &str) {
        let database = self.database.as_ref();
        tamper::events(database, &self.file("log.db"), sql).await;
    }

    /// The same to tiles and checkpoints.
    pub async fn tamper_with_seals(&self, sql: &str) {
        if let Some(database) = &self.database {
            let sql = format!(
                "ALTER TABLE seals.tiles DISABLE TRIGGER ALL;
                 ALTER TABLE seals.checkpoints DISABLE TRIGGER ALL;
                 ALTER TABLE seals.cosignatures DISABLE TRIGGER ALL; {}",
                sql.replace("{tiles}", "seals.tiles")
                    .replace("{checkpoints}", "seals.checkpoints")
            );
            tamper::postgres(database, &sql).await;
        } else {
            let sql = format!(
                "DROP TRIGGER IF EXISTS checkpoints_never_change;
                 DROP TRIGGER IF EXISTS checkpoints_never_go;
                 DROP TRIGGER IF EXISTS tiles_never_go;
                 DROP TRIGGER IF EXISTS tiles_only_grow; {}",
                sql.replace("{tiles}", "tiles")
                    .replace("{checkpoints}", "checkpoints")
            );
            tamper::sqlite(&self.file("seals.db"), &sql).await;
        }
    }

    /// What a statement says that the triggers are to refuse: as the application on PostgreSQL, as
    /// whoever opens the file on SQLite.
    pub async fn refused(&self, sql: &str) -> bool {
        if let Some(database) = &self.database {
            let mut connection = PgConnection::connect(database.owner_url())
                .await
                .expect("a login");
            let role = format!("SET ROLE {}_app", database.name());
            sqlx::raw_sql(&role)
                .execute(&mut connection)
                .await
                .expect("the role");
            let sql = sql.replace("{tiles}", "seals.tiles");
            let sql = sql.replace("{checkpoints}", "seals.checkpoints");
            return sqlx::raw_sql(&sql).execute(&mut connection).await.is_err();
        }
        let url = format!("sqlite:{}", self.file("seals.db").display());
        let mut connection = SqliteConnection::connect(&url).await.expect("a connection");
        let sql = sql
            .replace("{tiles}", "tiles")
            .replace("{checkpoints}", "checkpoints");
        sqlx::raw_sql(&sql).execute(&mut connection).await.is_err()
    }

    /// Sets the leaf hash that is stored with an event.
    pub async fn store_leaf(&self, position: i64, leaf: [u8; 32]) {
        let leaf = self.bytes(&leaf);
        self.tamper(&format!(
            "UPDATE {{events}} SET leaf_hash = {leaf} WHERE position = {position}"
        ))
        .await;
    }

    /// Bytes as they stand in SQL.
    pub fn bytes(&self, bytes: &[u8]) -> String {
        let hex = hex::encode(bytes);
        if self.database.is_some() {
            format!("'\\x{hex}'::bytea")
        } else {
            format!("x'{hex}'")
        }
    }

    /// Keeps the newest checkpoint elsewhere, as whoever does not trust the owner would.
    pub async fn keep(&self, name: &str) -> String {
        let last = self
            .seals
            .last()
            .await
            .expect("the store")
            .expect("a checkpoint");
        let file = self.file(name);
        std::fs::write(&file, last.text()).expect("written");
        file.display().to_string()
    }

    /// `sospeso audit verify` with these arguments: its exit code and what it reports.
    pub fn verify(&self, arguments: &[&str]) -> (i32, Value) {
        let url = self.database.as_ref().map(Database::owner_url);
        self.verify_as(url, arguments)
    }

    /// The same with another login.
    pub fn verify_as(&self, url: Option<&str>, arguments: &[&str]) -> (i32, Value) {
        let mut command = Command::new(workspace::binary());
        command
            .env_clear()
            .args(["audit", "verify", "--json", "--data"]);
        command.arg(self.folder.path());
        command
            .args(["--key", &self.key.verifier().to_string()])
            .args(arguments);
        command.envs(url.map(|url| ("DATABASE_URL", url)));
        let output = command.output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = serde_json::from_str(text.trim());
        let report = report.unwrap_or_else(|_| panic!("no report: {text}{errors}"));
        (output.status.code().expect("an end"), report)
    }
}

/// The event that is appended at a position.
pub fn record(log_id: Uuid, position: i64) -> Record {
    let stream = (position - 1) / A_STREAM;
    let id = Uuid::new_v5(&log_id, stream.to_string().as_bytes());
    let sequence = (position - 1) % A_STREAM + 1;
    let at = DateTime::from_timestamp_micros(1_763_626_500_000_000 + position).expect("an instant");
    Record {
        network: if stream % 2 == 0 {
            "praha".into()
        } else {
            "lodz".into()
        },
        aggregate_type: "voucher".into(),
        aggregate_id: id,
        sequence,
        event_type: "voucher.redeemed".into(),
        event_version: "1".into(),
        payload: format!(r#"{{"redeemed":{{"číslo":{position}}}}}"#),
        metadata: r#"{"actor":"somebody","channel":"api"}"#.into(),
        event_id: Record::event_id(log_id, id, sequence),
        occurred_at: at,
        recorded_at: at,
    }
}
