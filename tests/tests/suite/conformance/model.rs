//! Random commands, answered by the engine as by a model that is simple enough to be believed.

use std::collections::HashMap;

use commands::log::{Append, Appended, EventLog, Expect, KeptAnswer};
use commands::lookup::{KeyKind, LookupWrite};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use super::Harness;
use super::given::{assert_whole, keyed, several, stream};

const COMMANDS: usize = 400;

/// What the port promises, without a database: key, versions, unique keys, in this order.
#[derive(Default)]
struct Model {
    head: i64,
    versions: HashMap<Uuid, i64>,
    answers: HashMap<Uuid, KeptAnswer>,
    codes: HashMap<String, String>,
}

impl Model {
    fn version(&self, id: Uuid) -> i64 {
        self.versions.get(&id).copied().unwrap_or(0)
    }

    fn append(&mut self, append: &Append) -> Appended {
        let kept = append.answer.as_ref();
        if let Some(kept) = kept.and_then(|kept| self.answers.get(&kept.command_id)) {
            return Appended::KeyTaken(kept.clone());
        }
        let stale = |expect: &Expect| self.version(expect.stream.id) != expect.version;
        if append.expects.iter().any(stale) {
            return Appended::Stale;
        }
        if codes(append).any(|(code, _)| self.codes.contains_key(code)) {
            return Appended::LookupTaken;
        }
        for record in &append.records {
            self.head += 1;
            self.versions.insert(record.aggregate_id, record.sequence);
        }
        self.codes
            .extend(codes(append).map(|(code, value)| (code.clone(), value.clone())));
        if let Some(kept) = kept {
            let position = self.head;
            let kept = KeptAnswer {
                position,
                ..kept.clone()
            };
            self.answers.insert(kept.command_id, kept);
        }
        Appended::Done {
            position: self.head,
        }
    }
}

fn codes(append: &Append) -> impl Iterator<Item = (&String, &String)> {
    append.lookups.iter().filter_map(|write| match write {
        LookupWrite::Key { key, value, .. } => Some((key, value)),
        LookupWrite::Places { .. } | LookupWrite::Due { .. } => None,
    })
}

/// A command over a few streams, keys and codes, so that it often meets an earlier one. Most of
/// its versions are right, as most are in life.
fn command(log: &dyn EventLog, model: &Model, random: &mut StdRng) -> Append {
    let mut append = Append::default();
    for number in 1..=4 {
        if random.random_range(0..3) > 0 {
            continue;
        }
        let stream = stream(number);
        let off = i64::from(random.random_range(0..8) == 0);
        let version = model.version(stream.id) + off * random.random_range(-1..=1);
        let part = several(log, stream, version.max(0), random.random_range(0..3));
        append.expects.extend(part.expects);
        append.records.extend(part.records);
    }
    if random.random_range(0..4) == 0 {
        append.lookups.push(LookupWrite::Key {
            kind: KeyKind::Code,
            key: random.random_range(0..60).to_string(),
            value: random.random_range(0..1000).to_string(),
        });
    }
    if random.random_range(0..4) > 0 {
        append = keyed(append, &random.random_range(0..200).to_string());
    }
    append
}

pub async fn random_commands_are_answered_as_by_the_model(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let mut random = StdRng::seed_from_u64(7);
    let mut model = Model::default();
    let mut met = [0; 4];
    for number in 0..COMMANDS {
        let append = command(log, &model, &mut random);
        let expected = model.append(&append);
        met[match expected {
            Appended::Done { .. } => 0,
            Appended::Stale => 1,
            Appended::KeyTaken(_) => 2,
            Appended::LookupTaken => 3,
        }] += 1;
        let answer = log.append(append.clone()).await;
        assert_eq!(answer, Ok(expected), "command {number}: {append:?}");
    }
    assert!(met.iter().all(|times| *times > 10), "{met:?}");
    agrees(&handle, &model).await;
}

/// In one batch or several: what was done must be what the model does in the order of positions.
pub async fn concurrent_commands_are_as_if_one_after_the_other(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let mut random = StdRng::seed_from_u64(11);
    let mut model = Model::default();
    for _ in 0..20 {
        let commands: Vec<_> = (0..20).map(|_| command(log, &model, &mut random)).collect();
        let answers = join_all(commands.iter().map(|append| log.append(append.clone()))).await;
        let mut done: Vec<_> = commands
            .iter()
            .zip(answers)
            .filter_map(|(append, answer)| match answer.expect("an answer") {
                Appended::Done { position } => Some((position, append)),
                Appended::Stale | Appended::KeyTaken(_) | Appended::LookupTaken => None,
            })
            .collect();
        // A command without events has the position of the one before it, and comes after it.
        done.sort_by_key(|(position, append)| (*position, append.records.is_empty()));
        for (position, append) in done {
            assert_eq!(model.append(append), Appended::Done { position });
        }
    }
    agrees(&handle, &model).await;
}

async fn agrees(handle: &super::Handle, model: &Model) {
    let all = assert_whole(&*handle.log).await;
    assert_eq!(i64::try_from(all.len()), Ok(model.head));
    for (command_id, kept) in &model.answers {
        let found = handle.lookup.answer(*command_id).await;
        assert_eq!(found.as_ref(), Ok(&Some(kept.clone())));
    }
    for (code, value) in &model.codes {
        let found = handle.lookup.key(KeyKind::Code, code.clone()).await;
        assert_eq!(found.as_ref(), Ok(&Some(value.clone())));
    }
}
