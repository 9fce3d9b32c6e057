//! The verbs on an installation with servers: PostgreSQL for the log, NATS for the stream.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use sqlx::{Connection as _, Executor as _, PgConnection};
use tests::servers::{Database, NatsServer, postgres};
use tests::{wait, workspace};

const FOUND: &str = "init --network praha --name Lev --currency CZK --timezone Europe/Prague \
    --country CZ --languages cs";

/// A machine with a login to a database, and a NATS server.
struct Machine {
    folder: tempfile::TempDir,
    /// `None` where the log is embedded.
    login: Option<String>,
    nats: NatsServer,
    _database: Option<Database>,
}

impl Machine {
    /// Prepared by the database's owner, used by a login that may only append.
    async fn new() -> Machine {
        let database = postgres().database().await;
        let prepare = format!("init --database {}", database.owner_url());
        let machine = Machine {
            login: Some(serve_login(&database).await),
            _database: Some(database),
            ..Machine::bare()
        };
        let prepared = machine.done(&prepare);
        assert_eq!(prepared["log_id"].as_str().map(str::len), Some(36));
        assert_eq!(machine.done(&prepare), prepared, "twice is once");
        machine.done(FOUND);
        machine
    }

    /// With the log in a file.
    fn embedded() -> Machine {
        let machine = Machine::bare();
        machine.done(FOUND);
        machine
    }

    fn bare() -> Machine {
        let folder = tempfile::tempdir().expect("a folder");
        let nats = NatsServer::start(&folder.path().join("nats"), None);
        Machine {
            folder,
            login: None,
            nats,
            _database: None,
        }
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(workspace::binary());
        command
            .args(arguments.split_whitespace())
            .args(["--json", "--data", "data", "--nats-url", &self.nats.url()])
            .env_clear()
            .current_dir(self.folder.path());
        if let Some(login) = &self.login {
            command.args(["--database-url", login]);
        }
        command
    }

    /// Runs it to its end and reads the last line that it printed.
    fn run(&self, arguments: &str) -> (bool, Value) {
        let output = self.command(arguments).output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let last = text.lines().last().unwrap_or("null");
        let json = serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON: {text}"));
        (output.status.success(), json)
    }

    fn done(&self, arguments: &str) -> Value {
        let (success, answer) = self.run(arguments);
        assert!(success, "{arguments}: {answer}");
        answer
    }

    /// What the doctor says of this, as `verdict: sentence`.
    fn finding(&self, about: &str) -> String {
        finding(&self.run("doctor").1, about)
    }
}

fn finding(answer: &Value, about: &str) -> String {
    let mut findings = answer["findings"].as_array().expect("findings").iter();
    let found = findings.find(|found| found["about"] == about);
    let found = found.unwrap_or_else(|| panic!("nothing about {about}: {answer}"));
    let text = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
    format!("{}: {}", text("verdict"), text("says"))
}

/// The login to which `init` gives the rights of the application, by its name, as in the compose
/// file.
async fn serve_login(database: &Database) -> String {
    let login = format!("{}_serve", database.name());
    let sql = format!("CREATE ROLE {login} LOGIN PASSWORD '{login}'");
    let connection = PgConnection::connect(database.superuser_url()).await;
    let made = connection
        .expect("a connection")
        .execute(&*sql)
        .await
        .map(drop);
    made.expect("a role");
    database.url_as(&login)
}

/// A worker that ends with the test, also when that fails.
struct Worker(Child);

impl Worker {
    fn start(machine: &Machine) -> Worker {
        let mut command = machine.command("project");
        let started = command.stdout(Stdio::null()).spawn();
        Worker(started.expect("it starts"))
    }

    /// Asked to end, it ends in order.
    fn end(mut self) {
        let pid = self.0.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &pid]).status();
        assert!(asked.expect("kill starts").success());
        assert!(self.0.wait().expect("its end").success());
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ended_already_is_fine = self.0.kill();
        let _ended = self.0.wait();
    }
}

#[tokio::test]
async fn the_doctor_looks_at_postgresql_and_nats() {
    let machine = Machine::new().await;
    let table = [
        ("log", "ok: The log is in PostgreSQL "),
        (
            "commits",
            "ok: Its fsync is on and synchronous_commit is on.",
        ),
        ("clock", "ok: Its clock differs by "),
        ("login", "ok: The login does not own the database."),
        ("keys", "warn: The keys lie in the log's database"),
        ("disk", "ok: "),
        ("nats", "warn: NATS "),
        ("erasure", "ok: "),
        ("secrets", "ok: "),
    ];
    let (_, answer) = machine.run("doctor");
    for (about, expected) in table {
        let found = finding(&answer, about);
        assert!(found.starts_with(expected), "{about}: {answer}");
    }
    assert!(finding(&answer, "log").ends_with(", migrated."));
    assert!(finding(&answer, "nats").contains("no stream yet"));
}

/// Its owner could make a log there; whoever only looks leaves the database as it is.
#[tokio::test]
async fn the_doctor_makes_no_log_where_there_is_none() {
    let machine = Machine::new().await;
    let empty = postgres().database().await;
    let machine = Machine {
        login: Some(empty.owner_url().to_owned()),
        ..machine
    };
    let output = machine.command("doctor").output().expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let said = text.lines().next().expect("what it found");
    let found = finding(&serde_json::from_str(said).expect("JSON"), "log");
    assert!(found.starts_with("fail: ") && found.contains("holds no log"));
    assert!(!output.status.success());
    let mut connection = PgConnection::connect(empty.superuser_url())
        .await
        .expect("a connection");
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_tables
         WHERE schemaname NOT IN ('pg_catalog', 'information_schema')",
    )
    .fetch_one(&mut connection)
    .await
    .expect("counted");
    assert_eq!(tables, 0);
}

#[tokio::test]
async fn a_worker_fills_the_views_and_the_stream_and_the_stream_is_made_anew() {
    let machine = Machine::new().await;
    let folder = machine.folder.path();
    import_districts(&machine, folder);
    let before = machine.done("relay status");
    assert_eq!(
        (&before["position"], &before["lag"]),
        (&0.into(), &before["head"])
    );
    let worker = Worker::start(&machine);
    followed(&machine).await;
    let (refused, answer) = machine.run("relay rebuild");
    assert!(!refused && answer["error"].as_str().expect("why").contains("--yes"));
    let rebuilt = machine.done("relay rebuild --yes");
    assert_eq!(rebuilt["rebuilt"], true);
    followed(&machine).await;
    assert!(
        machine
            .finding("nats")
            .contains("holds the log up to position")
    );
    let listed = machine.done("projection list");
    let models = listed["read_models"].as_array().expect("read models");
    assert!(
        models.iter().all(|model| model["state"] == "current"),
        "{listed}"
    );
    let tail = machine.done("events tail --after 0");
    assert_eq!(tail["position"], before["head"]);
    let first = machine.done("events show 1");
    assert_eq!(first["event_type"], "network.founded");
    let exported = machine.done("events export --out all.jsonl");
    assert_eq!(exported["events"], before["head"]);
    let copy = std::fs::read_to_string(folder.join("all.jsonl")).expect("a copy");
    assert_eq!(copy.lines().count() as u64, before["head"]);
    let line = copy.lines().next().expect("a line");
    assert_eq!(serde_json::from_str::<Value>(line).expect("JSON"), first);
    worker.end();
}

/// The log may lie in a file and its copy in NATS all the same.
#[tokio::test]
async fn a_worker_relays_an_embedded_log() {
    let machine = Machine::embedded();
    let folder = machine.folder.path();
    import_districts(&machine, folder);
    let worker = Worker::start(&machine);
    followed(&machine).await;
    let said = machine.finding("nats");
    assert!(said.contains("holds the log up to position"), "{said}");
    worker.end();
}

/// Until the stream holds the whole log and the views have read it.
async fn followed(machine: &Machine) {
    wait::until("the worker to follow the log", async || {
        let (_, status) = machine.run("relay status");
        let listed = machine.done("projection list");
        let models = listed["read_models"].as_array().expect("read models");
        let current = models.iter().all(|model| model["state"] == "current");
        (status["lag"] == 0 && status["position"] != 0 && current).then_some(())
    })
    .await;
}

fn import_districts(machine: &Machine, folder: &Path) {
    let file = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
        "properties":{"code":"1","name":"Praha 1","population":29000},"geometry":{"type":"Polygon",
        "coordinates":[[[14.4,50.08],[14.45,50.08],[14.45,50.06],[14.4,50.08]]]}}]}"#;
    std::fs::write(folder.join("districts.geojson"), file).expect("written");
    let import = "import districts districts.geojson --network praha --format geojson";
    assert_eq!(machine.done(import)["imported"], 1);
    assert_eq!(machine.done(import)["unchanged"], 1);
}
