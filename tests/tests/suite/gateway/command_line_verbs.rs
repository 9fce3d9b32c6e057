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
    let missing = "missing: `sospeso serve` builds it";
    assert_eq!(state("ledger"), Some(missing.into()));
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

#[test]
fn both_formats_say_the_same_and_name_every_wrong_row() {
    let folder = network();
    let path = folder.path();
    let write = |file: &str, text: &str| std::fs::write(path.join(file), text).expect("written");
    // What GeoJSON said is unchanged when CSV says it.
    let ring = "\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[[[14.4,50.08],[14.45,50.08],\
        [14.45,50.06],[14.4,50.08]]]}\"";
    let districts = format!("code,name,population,boundary\n500054,Praha 1,29000,{ring}\n");
    write("districts.csv", &districts);
    let same = done(
        path,
        "import districts districts.csv --network praha --format csv",
    );
    assert_eq!(
        (&same["imported"], &same["unchanged"]),
        (&0.into(), &1.into())
    );
    let wrong = format!("{districts}500055,Praha 2,many,{ring}\n500054,Praha 1,29000,{ring}\n");
    write("districts.csv", &wrong);
    let (_, answer) = sospeso(
        path,
        "import districts districts.csv --network praha --format csv",
    );
    let error = answer["error"].as_str().expect("an error");
    assert!(error.contains("2 errors"), "{error}");
    assert!(
        error.contains("line 3: population") && error.contains("line 4:"),
        "{error}"
    );

    let venue = |name: &str, geometry: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}","kind":"cafe",
            "address":"Dlouhá 1, Praha","district_code":"500054"}},"geometry":{geometry}}}"#
        )
    };
    let point = r#"{"type":"Point","coordinates":[14.42,50.09]}"#;
    let line = r#"{"type":"LineString","coordinates":[[14.42,50.09],[14.43,50.09]]}"#;
    let features = |all: &[String]| {
        let all = all.join(",");
        format!(r#"{{"type":"FeatureCollection","features":[{all}]}}"#)
    };
    let import = "import venues venues.geojson --network praha --format geojson";
    write(
        "venues.geojson",
        &features(&[venue("Rys", point), venue("Vlk", line)]),
    );
    let (imported, answer) = sospeso(path, import);
    let error = answer["error"].as_str().expect("an error");
    assert!(
        !imported && error.contains("feature 2: its geometry is no Point"),
        "{error}"
    );
    write(
        "venues.geojson",
        &features(&[venue("Rys", point), venue("Lev", point)]),
    );
    let repeated = done(path, import);
    assert_eq!(
        (&repeated["imported"], &repeated["unchanged"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_token_is_issued_for_every_role_and_shown_once() {
    let folder = network();
    let path = folder.path();
    let venue = done(path, "events show 6");
    assert_eq!(venue["event_type"], "venue.admitted");
    let id = venue["aggregate_id"].as_str().expect("an id");
    let roles = [
        ("operator --import", true),
        ("coordinator", true),
        ("analyst", true),
        ("auditor", true),
        ("venue", false),
        ("system", false),
    ];
    for (role, issued) in roles {
        let issue = format!("token issue --network praha --role {role}");
        let (done, answer) = sospeso(path, &issue);
        assert_eq!(done, issued, "{role}: {answer}");
        assert_eq!(answer["token"].is_string(), issued, "{role}: {answer}");
    }
    let issue = format!("token issue --network praha --role venue --of {id}");
    let issued = done(path, &issue);
    let shown = issued["token"].as_str().expect("a token");
    done(path, "events export --out events.jsonl");
    let copy = std::fs::read_to_string(path.join("events.jsonl")).expect("a copy");
    assert!(!copy.contains(shown), "no token is in the log");
}
