//! The verbs that look after an installation, each run as the real binary on one small network.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::workspace;

const DISTRICTS: &str = r#"{"type":"FeatureCollection","features":[{"type":"Feature",
"properties":{"code":"500054","name":"Praha 1","population":29000},"geometry":{"type":"Polygon",
"coordinates":[[[14.4,50.08],[14.45,50.08],[14.45,50.06],[14.4,50.08]]]}}]}"#;

const VENUES: &str = "name,kind,address,district_code,latitude,longitude,opening_hours
Lev,cafe,\"Dlouhá 1, Praha\",500054,50.09,14.42,Mo-Fr 08:00-18:00
Sova,bookshop,\"Krátká 2, Praha\",500054,50.091,14.43,
";

/// Runs the binary on the data in this folder; the last line that it printed is JSON.
fn sospeso(folder: &Path, arguments: &str) -> (bool, Value) {
    let output = Command::new(workspace::binary())
        .args(arguments.split_whitespace())
        .args(["--json", "--data", "data"])
        .env_clear()
        .current_dir(folder)
        .output()
        .expect("it starts");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let last = text.lines().last().unwrap_or("null");
    let json = serde_json::from_str(last).unwrap_or_else(|_| panic!("no JSON: {text}"));
    (output.status.success(), json)
}

fn done(folder: &Path, arguments: &str) -> Value {
    let (success, answer) = sospeso(folder, arguments);
    assert!(success, "{arguments}: {answer}");
    answer
}

/// A network with one district and two venues.
fn network() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path();
    std::fs::write(path.join("districts.geojson"), DISTRICTS).expect("written");
    std::fs::write(path.join("venues.csv"), VENUES).expect("written");
    done(
        path,
        "init --network praha --name Lev --currency CZK --timezone Europe/Prague --country CZ \
         --languages cs",
    );
    done(path, IMPORT_DISTRICTS);
    done(path, IMPORT_VENUES);
    folder
}

const IMPORT_DISTRICTS: &str =
    "import districts districts.geojson --network praha --format geojson";
const IMPORT_VENUES: &str = "import venues venues.csv --network praha --format csv";

#[test]
fn an_import_is_repeatable_and_all_or_nothing() {
    let folder = network();
    let path = folder.path();
    let again = done(path, IMPORT_VENUES);
    assert_eq!(
        (&again["imported"], &again["unchanged"]),
        (&0.into(), &2.into())
    );
    assert_eq!(done(path, IMPORT_DISTRICTS)["imported"], 0);
    let wrong = VENUES
        .replace("Lev,", "Slon,")
        .replace("500054,50.091", "999,50.091");
    std::fs::write(path.join("venues.csv"), wrong).expect("written");
    let (imported, answer) = sospeso(path, IMPORT_VENUES);
    let error = answer["error"].as_str().expect("an error");
    assert!(
        !imported && error.contains("line 3: the network has no district 999"),
        "{error}"
    );
    let events = done(path, "events export --out events.jsonl")["events"].clone();
    assert_eq!(events, 9, "nothing came of the right line either");
}

#[test]
fn the_log_is_shown_and_copied_out() {
    let folder = network();
    let path = folder.path();
    let shown = done(path, "events show 4");
    assert_eq!(shown["event_type"], "district.drawn");
    let by_id = format!("events show {}", shown["event_id"].as_str().expect("an id"));
    assert_eq!(done(path, &by_id), shown);
    assert!(!sospeso(path, "events show 99").0);
    assert_eq!(done(path, "events tail --after 3")["position"], 9);
    done(path, "events export --out events.jsonl --network praha");
    let copy = std::fs::read_to_string(path.join("events.jsonl")).expect("a copy");
    let fourth = copy.lines().nth(3).expect("nine lines");
    assert_eq!(serde_json::from_str::<Value>(fourth).expect("JSON"), shown);
    let (over, _) = sospeso(path, "events export --out events.jsonl");
    assert!(!over, "no file is written over");
}

#[test]
fn read_models_are_listed_built_anew_and_verified() {
    let folder = network();
    let path = folder.path();
    let rebuilt = done(path, "projection rebuild venue_availability");
    assert_eq!(rebuilt["position"], 9);
    let verified = done(path, "projection verify venue_availability");
    let verdict = &verified["read_models"][0];
    assert_eq!(
        (&verdict["same"], &verdict["position"]),
        (&true.into(), &9.into())
    );
    let listed = done(path, "projection list");
    let all = listed["read_models"].as_array().expect("read models");
    let state = |name: &str| {
        let model = all.iter().find(|model| model["name"] == name);
        model.map(|model| model["state"].clone())
    };
    assert_eq!(state("venue_availability"), Some("current".into()));
    assert_eq!(state("ledger"), Some("behind".into()));
    assert!(!sospeso(path, "projection rebuild nothing").0);
}

#[test]
fn the_doctor_finds_a_new_installation_well() {
    let folder = network();
    let path = folder.path();
    let findings = done(path, "doctor")["findings"].clone();
    let findings = findings.as_array().expect("findings");
    let log = findings
        .iter()
        .find(|finding| finding["about"] == "commits");
    assert_eq!(log.expect("it looks at the log")["verdict"], "ok");
    assert!(findings.iter().all(|finding| finding["verdict"] != "fail"));
    std::fs::remove_file(path.join("data/secrets.toml")).expect("removed");
    assert!(!sospeso(path, "doctor").0, "without secrets nothing starts");
}

#[test]
fn what_is_not_there_is_said() {
    let folder = network();
    let path = folder.path();
    let nobody = "00000000-0000-4000-8000-000000000007";
    for verb in ["export", "erase"] {
        let (done, answer) = sospeso(path, &format!("subject {verb} {nobody} --network praha"));
        assert!(!done && answer["error"].is_string(), "{answer}");
    }
    let (done, answer) = sospeso(path, "relay rebuild --yes");
    let error = answer["error"].as_str().expect("an error");
    assert!(!done && error.contains("NATS_URL"), "{error}");
}
