//! One stored event of every version that was ever written, in `domain/golden`. They decode for
//! ever. Nothing writes these files but people: a test that finds one missing says what to put there.
//!
//! `golden/<aggregate>.<act>.v<version>.json` holds the payload exactly as it is stored, and a line
//! end; a further example of the same version is `….v<version>.<case>.json`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Record, Recorded};
use crate::event::{Act, types};
use crate::sealed::fields;
use crate::stories::told;

/// The metadata as stored; `envelope` tests it.
const METADATA: &str = include_str!("../golden/metadata.json");

/// A golden file.
struct Golden {
    name: String,
    event_type: String,
    version: String,
    payload: String,
}

impl Golden {
    fn read(path: &Path) -> Self {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name in UTF-8").to_owned();
        let text = std::fs::read_to_string(path).expect("readable");
        let payload = text.strip_suffix('\n').unwrap_or(&text).to_owned();
        let parts: Vec<&str> = name.split('.').collect();
        let [aggregate, act, version, .., "json"] = parts.as_slice() else {
            panic!("{name} is not <aggregate>.<act>.v<version>.json");
        };
        let event_type = format!("{aggregate}.{act}");
        let version = version.trim_start_matches('v').to_owned();
        Self {
            name,
            event_type,
            version,
            payload,
        }
    }

    fn aggregate_type(&self) -> &str {
        self.event_type.split_once('.').map_or("", |(name, _)| name)
    }

    fn recorded(&self) -> Recorded {
        let at = "2026-11-20T08:15:00Z".parse().expect("an instant");
        let record = Record {
            network: "praha".to_owned(),
            aggregate_type: self.aggregate_type().to_owned(),
            aggregate_id: Uuid::from_u128(1),
            sequence: 1,
            event_type: self.event_type.clone(),
            event_version: self.version.clone(),
            payload: self.payload.clone(),
            metadata: METADATA.trim_end().to_owned(),
            event_id: Record::event_id(Uuid::from_u128(2), Uuid::from_u128(1), 1),
            occurred_at: at,
            recorded_at: at,
        };
        Recorded {
            position: 1,
            leaf_hash: record.leaf_hash(Uuid::from_u128(2)),
            record,
        }
    }

    /// The payload as the program would store it today.
    fn encoded(&self) -> String {
        with_aggregate!(self.aggregate_type(), A => {
            let event: <A as cqrs_es::Aggregate>::Event =
                serde_json::from_str(&self.payload).expect("it was read before");
            serde_json::to_string(&event).expect("an event is JSON")
        }, else panic!("{}: there is no such aggregate", self.name))
    }

    /// The names of the fields that hold a sealed text, with the path to each that is nested.
    fn sealed(&self) -> BTreeSet<String> {
        let payload: Value = serde_json::from_str(&self.payload).expect("JSON");
        let event = payload
            .as_object()
            .and_then(|tagged| tagged.values().next());
        let mut found = BTreeSet::new();
        find_sealed(event.unwrap_or(&Value::Null), "", &mut found);
        found
    }
}

fn find_sealed(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    if let Some(map) = value.as_object() {
        if ["v", "key_id", "nonce", "text"]
            .iter()
            .all(|key| map.contains_key(*key))
        {
            found.insert(path.to_owned());
            return;
        }
        for (key, inner) in map {
            let dot = if path.is_empty() { "" } else { "." };
            find_sealed(inner, &format!("{path}{dot}{key}"), found);
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        find_sealed(inner, path, found);
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

fn golden_files() -> Vec<Golden> {
    let mut paths: Vec<_> = std::fs::read_dir(directory())
        .expect("domain/golden")
        .map(|entry| entry.expect("readable").path())
        .filter(|path| path.file_name().is_some_and(|name| name != "metadata.json"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Golden::read(path)).collect()
}

#[test]
fn every_event_type_has_a_golden_file() {
    let names: BTreeSet<String> = golden_files()
        .into_iter()
        .map(|golden| golden.name)
        .collect();
    let mut told: BTreeMap<String, String> = BTreeMap::new();
    for (event_type, version, payload) in told_events() {
        let example = told
            .entry(format!("{event_type}.v{version}.json"))
            .or_default();
        if payload.len() > example.len() {
            *example = payload;
        }
    }
    let missing: Vec<String> = types()
        .into_iter()
        .map(|(event_type, version)| format!("{event_type}.v{version}.json"))
        .filter(|name| !names.contains(name))
        .map(|name| {
            let example = told
                .get(&name)
                .map_or("(no story tells it)", String::as_str);
            format!("domain/golden/{name}\n{example}\n")
        })
        .collect();
    assert!(
        missing.is_empty(),
        "put one stored example into each of these files, with every optional field, e.g.\n{}",
        missing.join("\n")
    );
}

fn told_events() -> impl Iterator<Item = (String, String, String)> {
    told().into_iter().flat_map(|told| told.events)
}

#[test]
fn every_version_ever_written_decodes() {
    for golden in golden_files() {
        let read = Act::read(&golden.recorded());
        assert!(
            read.is_ok(),
            "{}: {read:?}\nWhat was stored must be readable for ever: give the event a new version \
             and an upcaster instead of changing it.",
            golden.name
        );
    }
}

#[test]
fn what_is_written_today_is_written_as_before() {
    let today: BTreeMap<_, _> = types().into_iter().collect();
    let changed: Vec<String> = golden_files()
        .into_iter()
        .filter(|golden| today.get(golden.event_type.as_str()) == Some(&golden.version.as_str()))
        .map(|golden| (golden.encoded(), golden))
        .filter(|(encoded, golden)| *encoded != golden.payload)
        .map(|(encoded, golden)| format!("domain/golden/{}\n{encoded}\n", golden.name))
        .collect();
    assert!(
        changed.is_empty(),
        "These are not stored as their files say. If a file is new, put this there; if it is not, \
         the event needs a new version:\n{}",
        changed.join("\n")
    );
}

#[test]
fn the_list_of_sealed_fields_is_the_one_of_the_golden_files() {
    let listed: BTreeSet<(String, String)> = fields()
        .into_iter()
        .map(|spec| (spec.event_type.to_owned(), spec.field.to_owned()))
        .collect();
    let mut stored = BTreeSet::new();
    for golden in golden_files() {
        for field in golden.sealed() {
            stored.insert((golden.event_type.clone(), field));
        }
    }
    let forgotten: Vec<_> = stored.difference(&listed).collect();
    assert!(
        forgotten.is_empty(),
        "declare who may read these, in SEALED next to the event's type and in sealed::fields: {forgotten:?}"
    );
    let unseen: Vec<_> = listed.difference(&stored).collect();
    assert!(
        unseen.is_empty(),
        "the golden files of these events lack the sealed field: {unseen:?}"
    );
}

/// An optional sealed field could be missing from a golden file, so the sources are asked too.
#[test]
fn no_sealed_field_of_the_sources_is_forgotten() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for folder in std::fs::read_dir(source).expect("domain/src") {
        let folder = folder.expect("readable").path();
        let aggregate = folder
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let listed: BTreeSet<&str> = fields()
            .into_iter()
            .filter(|spec| {
                spec.event_type
                    .split_once('.')
                    .is_some_and(|(a, _)| a == aggregate)
            })
            .map(|spec| spec.field)
            .collect();
        for file in std::fs::read_dir(&folder).into_iter().flatten() {
            let text = std::fs::read_to_string(file.expect("readable").path()).unwrap_or_default();
            for line in text
                .lines()
                .map(str::trim)
                .filter(|line| is_sealed_field(line))
            {
                let field = line
                    .trim_start_matches("pub ")
                    .split(':')
                    .next()
                    .unwrap_or_default();
                assert!(
                    listed.contains(field),
                    "{aggregate}: declare who may read `{field}`, in SEALED next to the event's type"
                );
            }
        }
    }
}

fn is_sealed_field(line: &str) -> bool {
    line.ends_with(": Sealed,")
        || line.ends_with(": Option<Sealed>,")
        || line.ends_with("<Sealed>,")
}
