//! What clients asked for and what they were told; and whether the log agrees with all of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;
use tests::installation::Installation;

/// An act that a client asked for. The mark goes with it into the envelope, as its device.
#[derive(Clone, Debug)]
pub struct Asked {
    pub mark: String,
    pub path: String,
    pub body: Value,
    /// What it records, and how often.
    pub event_type: &'static str,
    pub count: usize,
    /// Where in the answer the ids of its streams stand, if they do.
    pub ids: Option<fn(&Value) -> Vec<String>>,
}

/// What a client knows of an act.
#[derive(Clone, Debug)]
pub enum Told {
    /// It is done, and this was the answer.
    Done(Value),
    /// It is not done, and never will be.
    Refused,
    /// Nobody said: a connection broke, or the answer was "come again".
    Nothing,
}

/// All that clients asked and were told.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub acts: Vec<(Asked, Told)>,
    /// Answers that must never be given, in words.
    pub wrong: Vec<String>,
}

/// How many acts ended how.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub done: usize,
    pub refused: usize,
    /// Nobody was told, and it was done.
    pub done_untold: usize,
    /// Nobody was told, and it was not done.
    pub not_done: usize,
    pub events: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} acts acknowledged, 0 lost, 0 doubled; {} refused; nobody was told of {}, done were {} of them; {} events, dense",
            self.done,
            self.refused,
            self.done_untold + self.not_done,
            self.done_untold,
            self.events
        )
    }
}

/// An event as far as it is compared.
#[derive(Clone, Debug)]
pub struct Logged {
    pub position: i64,
    pub stream: String,
    pub sequence: i64,
    pub event_type: String,
    pub mark: String,
}

impl History {
    pub fn add(&mut self, other: Self) {
        self.acts.extend(other.acts);
        self.wrong.extend(other.wrong);
    }

    /// Compares with the log; ends the test with every difference that there is.
    pub fn agrees_with(&self, log: &[Logged]) -> Tally {
        let mut wrong = self.wrong.clone();
        wrong.extend(gaps(log));
        let mut by_mark: BTreeMap<&str, Vec<&Logged>> = BTreeMap::new();
        for event in log.iter().filter(|event| !event.mark.is_empty()) {
            by_mark.entry(&event.mark).or_default().push(event);
        }
        let mut tally = Tally {
            events: log.len(),
            ..Tally::default()
        };
        for (asked, told) in &self.acts {
            let found = by_mark.remove(asked.mark.as_str()).unwrap_or_default();
            match told {
                Told::Done(answer) => {
                    tally.done += 1;
                    wrong.extend(asked.lacks(&found));
                    wrong.extend(asked.contradicts(&found, answer));
                }
                Told::Refused => {
                    tally.refused += 1;
                    if !found.is_empty() {
                        wrong.push(format!("refused, and yet done: {asked:?} {found:?}"));
                    }
                }
                Told::Nothing if found.is_empty() => tally.not_done += 1,
                Told::Nothing => {
                    tally.done_untold += 1;
                    wrong.extend(asked.lacks(&found));
                }
            }
        }
        let strange: Vec<_> = by_mark.keys().collect();
        if !strange.is_empty() {
            wrong.push(format!("nobody asked for {strange:?}"));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        tally
    }
}

impl Asked {
    /// Whether all of it is there, once and together.
    fn lacks(&self, found: &[&Logged]) -> Option<String> {
        let together = found
            .windows(2)
            .all(|pair| pair[1].position == pair[0].position + 1);
        let of_its_kind = found
            .iter()
            .all(|event| event.event_type == self.event_type);
        (found.len() != self.count || !together || !of_its_kind)
            .then(|| format!("not once and whole: {self:?} {found:?}"))
    }

    /// Whether the answer told the position and the ids that the log has.
    fn contradicts(&self, found: &[&Logged], answer: &Value) -> Option<String> {
        let last = found.last().map(|event| event.position);
        let streams: BTreeSet<&str> = found.iter().map(|event| event.stream.as_str()).collect();
        let told = self.ids.map(|ids| ids(answer));
        let same = told.as_ref().is_none_or(|told| {
            told.len() == found.len() && told.iter().all(|id| streams.contains(id.as_str()))
        });
        (answer["position"].as_i64() != last || !same)
            .then(|| format!("told otherwise: {self:?} {answer} {found:?}"))
    }
}

/// Positions without a gap, and sequences of every stream without one.
fn gaps(log: &[Logged]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut streams: BTreeMap<&str, i64> = BTreeMap::new();
    for (event, expected) in log.iter().zip(1..) {
        if event.position != expected {
            wrong.push(format!("position {expected} is missing before {event:?}"));
            break;
        }
        let sequence = streams.entry(&event.stream).or_default();
        *sequence += 1;
        if event.sequence != *sequence {
            wrong.push(format!("sequence {sequence} is missing before {event:?}"));
        }
    }
    wrong
}

/// The whole log, as `events export` writes it.
pub fn exported(town: &Installation) -> Vec<Logged> {
    let file = town.folder().join(tests::servers::unique_name("log"));
    let out = file.to_str().expect("UTF-8");
    town.done(&["events", "export", "--out", out]);
    read(&file)
}

fn read(file: &Path) -> Vec<Logged> {
    let text = std::fs::read_to_string(file).expect("the export");
    let line = |line: &str| {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let metadata: Value =
            serde_json::from_str(event["metadata"].as_str().expect("a text")).expect("JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Logged {
            position: event["position"].as_i64().expect("a position"),
            stream: text(&event["aggregate_id"]),
            sequence: event["sequence"].as_i64().expect("a sequence"),
            event_type: text(&event["event_type"]),
            mark: text(&metadata["device"]),
        }
    };
    text.lines().map(line).collect()
}

/// What must hold of any log and its views once nobody works on them.
pub fn is_sound(town: &Installation) {
    for verb in [
        ["audit", "conserve"],
        ["audit", "verify"],
        ["projection", "verify"],
    ] {
        let (success, lines) = town.verb(&verb);
        assert!(success, "{verb:?}: {lines:#?}");
    }
}
