//! The verbs about people and their keys, each run as the real binary on one small installation.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use commands::clock::Clock;
use commands::executor::{Request, UseCase};
use commands::principal::Principal;
use commands::reaction;
use commands::subject::introduce::Introduce;
use commands::subject::set_contact::SetContact;
use domain::envelope::Channel;
use domain::ids::SubjectId;
use domain::subject::introduce::{Basis, SubjectKind};
use gateway::settings::{Secrets, Settings};
use gateway::wiring::{self, Engines};
use serde_json::Value;
use tests::servers::postgres;
use tests::workspace;

const CONTACT: &str = "kanarek-3c51e27f9a";

/// An installation in a folder, on SQLite or on a PostgreSQL database.
struct Installation {
    folder: tempfile::TempDir,
    database_url: Option<String>,
}

impl Installation {
    fn new(database_url: Option<String>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let installation = Self {
            folder,
            database_url,
        };
        installation.done(
            "init --network praha --name Lev --currency CZK --timezone Europe/Prague --country CZ \
             --languages cs",
        );
        installation
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    /// Runs the binary; the last line that it printed is JSON.
    fn run(&self, arguments: &str) -> (bool, Value) {
        let (success, lines) = self.lines(arguments);
        (success, lines.into_iter().next_back().unwrap_or_default())
    }

    /// Runs the binary; every line that it printed is JSON.
    fn lines(&self, arguments: &str) -> (bool, Vec<Value>) {
        let mut command = Command::new(workspace::binary());
        command
            .args(arguments.split_whitespace())
            .args(["--json", "--data", "data"])
            .env_clear()
            .current_dir(self.folder.path());
        if let Some(url) = &self.database_url {
            command.args(["--database-url", url]);
        }
        let output = command.output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let json = |line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {text}"));
        (output.status.success(), text.lines().map(json).collect())
    }

    fn done(&self, arguments: &str) -> Value {
        let (success, answer) = self.run(arguments);
        assert!(success, "{arguments}: {answer}");
        answer
    }

    /// What the doctor finds about something.
    fn finding(&self, about: &str) -> Value {
        let (_, lines) = self.lines("doctor");
        let answer = lines.into_iter().next().unwrap_or_default();
        let findings = answer["findings"].as_array().cloned().unwrap_or_default();
        let found = findings.into_iter().find(|it| it["about"] == about);
        found.unwrap_or_else(|| panic!("nothing about {about}: {answer}"))
    }

    /// The databases in this process, as a gateway has them.
    async fn engines(&self) -> Engines {
        let data: &Path = &self.path("data");
        let secrets = Secrets::load(data).expect("secrets");
        let settings = Settings {
            database_url: self.database_url.clone(),
            ..Settings::default()
        };
        let engines = wiring::engines(data, &settings, &secrets, Clock::system()).await;
        engines.expect("the engines")
    }

    /// Somebody with a contact.
    async fn person(&self) -> SubjectId {
        let engines = self.engines().await;
        let introduce = Introduce {
            kind: SubjectKind::Requester,
            basis: Basis::Consent,
            notice_version: "2026-01".parse().expect("a label"),
            retain_until: None,
        };
        let subject_id = act(&engines, introduce).await.subject_id;
        let contact = CONTACT.to_owned().try_into().expect("a text");
        let set = SetContact {
            subject_id,
            contact,
        };
        act(&engines, set).await;
        subject_id
    }

    /// Lets follow what must.
    async fn react(&self) {
        let engines = self.engines().await;
        let reactions = reaction::all(Arc::clone(&engines.checkpoints));
        while reaction::round(&engines.desk, &reactions).await {}
    }
}

async fn act<U: UseCase>(engines: &Engines, act: U) -> U::Answer {
    let who = Principal::system("set-up", "praha".parse().expect("a slug"));
    let key = uuid_key();
    let request = Request::new(who, key, String::new(), Channel::Cli);
    engines
        .desk
        .execute(request, act)
        .await
        .expect("done")
        .answer
}

fn uuid_key() -> String {
    commands::tokens::digest(&commands::tokens::draw())
}

async fn a_person_is_exported_and_erased(town: &Installation) {
    let person = town.person().await;
    let of = format!("{person} --network praha");
    let link = town.done(&format!("subject link {of}"));
    assert!(link["link"].as_str().expect("a link").starts_with("/link/"));
    let export = town.done(&format!("subject export {of}"));
    assert_eq!(export["subject"]["contact"]["text"], CONTACT);
    assert!(export["acts"]["subject"][1]["recorded"]["contact"]["text"] == CONTACT);

    town.done(&format!("subject erase {of}"));
    let export = town.done(&format!("subject export {of}"));
    assert!(!export.to_string().contains(CONTACT), "{export}");
    assert_eq!(export["subject"]["contact"]["state"], "erased");
    let finding = town.finding("erasure");
    let says = finding["says"].as_str().expect("a sentence");
    assert!(
        finding["verdict"] == "warn" && says.contains(&person.to_string()),
        "{says}"
    );
    town.react().await;
    assert_eq!(town.finding("erasure")["verdict"], "ok");

    town.done("projection rebuild help_board");
    let verified = town.done("projection verify help_board");
    assert_eq!(verified["read_models"][0]["same"], true, "{verified}");
    town.done("events export --out all.jsonl");
    let copy = std::fs::read_to_string(town.path("all.jsonl")).expect("a copy");
    assert!(copy.contains("key_id") && !copy.contains(CONTACT));
}

async fn keys_go_and_come(town: &Installation) {
    let (kept, erased) = (town.person().await, town.person().await);
    let backup = town.done("keys backup --out keys.jsonl");
    assert_eq!(backup["retention_days"], 35);
    assert!(
        !town.run("keys backup --out keys.jsonl").0,
        "no file is written over"
    );
    town.done(&format!("subject erase {erased} --network praha"));
    town.react().await;
    let restored = town.done("keys restore keys.jsonl");
    assert_eq!(
        restored["put_back"], 0,
        "nothing is missing, and nothing comes back"
    );
    assert_eq!(town.finding("erasure")["verdict"], "ok");
    assert_eq!(town.finding("restored")["verdict"], "ok");
    assert!(
        town.finding("backups")["says"]
            .to_string()
            .contains("35 days")
    );
    let pruned = town.done("keys prune .");
    assert_eq!(
        (&pruned["kept"], &pruned["deleted"]),
        (&1.into(), &serde_json::json!([]))
    );
    let export = town.done(&format!("subject export {kept} --network praha"));
    assert_eq!(export["subject"]["contact"]["text"], CONTACT);
}

#[tokio::test]
async fn the_verbs_about_people_work_on_sqlite() {
    let town = Installation::new(None);
    a_person_is_exported_and_erased(&town).await;
    keys_go_and_come(&town).await;
    town.done("keys scrub");
}

#[tokio::test]
async fn the_verbs_about_people_work_on_postgres() {
    let database = postgres().database().await;
    let town = Installation::new(Some(database.owner_url().to_owned()));
    a_person_is_exported_and_erased(&town).await;
    keys_go_and_come(&town).await;
}

#[tokio::test]
async fn lost_keys_come_back_from_a_backup_but_for_those_erased_since() {
    let town = Installation::new(None);
    let (kept, erased) = (town.person().await, town.person().await);
    town.done("keys backup --out keys.jsonl");
    town.done(&format!("subject erase {erased} --network praha"));
    for file in ["keys.db", "keys.db-wal", "keys.db-shm"] {
        let _ = std::fs::remove_file(town.path("data").join(file));
    }
    let finding = town.finding("restored");
    let says = finding["says"].as_str().expect("a sentence");
    assert!(
        finding["verdict"] == "fail" && says.contains(&kept.to_string()),
        "{says}"
    );
    let restored = town.done("keys restore keys.jsonl");
    assert_eq!(
        (&restored["put_back"], &restored["stay_destroyed"]),
        (&1.into(), &1.into())
    );
    let finding = town.finding("restored");
    assert_eq!(finding["verdict"], "ok", "{finding}");
    let export = town.done(&format!("subject export {kept} --network praha"));
    assert_eq!(export["subject"]["contact"]["text"], CONTACT);
    let export = town.done(&format!("subject export {erased} --network praha"));
    assert_eq!(export["subject"]["contact"]["state"], "erased");
    assert!(!export.to_string().contains(CONTACT));
}
