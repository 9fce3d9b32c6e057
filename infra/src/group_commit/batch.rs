//! Which of the waiting commands go into one transaction, and what they moved.

use std::collections::{HashMap, HashSet, VecDeque};

use commands::log::{Append, Appended, LogError, MAX_BATCH, MAX_BATCH_BYTES};
use commands::lookup::{KeyKind, LookupWrite};
use uuid::Uuid;

use super::Waiting;

/// The commands of one transaction, and who waits for each.
#[derive(Default)]
pub(super) struct Batch {
    pub appends: Vec<Append>,
    callers: Vec<Waiting>,
}

impl Batch {
    /// Takes out of `waiting` up to `most` that go together, in order; the others keep their places.
    ///
    /// A command is put off if one of its streams, read or written, was already written in this
    /// batch, or if the same command or one of its unique lookup keys occurs in it. A writer
    /// after a reader is fine: positions follow the order of the queue.
    pub fn pick(waiting: &mut VecDeque<Waiting>, most: usize) -> Self {
        let mut batch = Self::default();
        let mut taken = Taken::default();
        let mut bytes = 0;
        for mut command in std::mem::take(waiting) {
            let fits = batch.appends.len() < most.min(MAX_BATCH)
                && bytes + command.bytes <= MAX_BATCH_BYTES
                && taken.admits(&command.append);
            if fits {
                bytes += command.bytes;
                taken.note(&command.append);
                batch.appends.push(std::mem::take(&mut command.append));
                batch.callers.push(command);
            } else {
                waiting.push_back(command);
            }
        }
        batch
    }

    /// Answers each caller; whoever gets none hears that the actor has ended.
    pub fn answer(self, answers: impl IntoIterator<Item = Result<Appended, LogError>>) {
        for (caller, answer) in self.callers.into_iter().zip(answers) {
            caller.answer(answer);
        }
    }

    /// The same commands, each in a batch of its own.
    pub fn singles(self) -> impl Iterator<Item = Self> {
        let pairs = self.appends.into_iter().zip(self.callers);
        pairs.map(|(append, caller)| Self {
            appends: vec![append],
            callers: vec![caller],
        })
    }
}

/// What the commands of a batch so far write.
#[derive(Default)]
struct Taken {
    written: HashSet<Uuid>,
    commands: HashSet<Uuid>,
    keys: HashSet<(KeyKind, String)>,
}

impl Taken {
    fn admits(&self, append: &Append) -> bool {
        let answer = append.answer.as_ref();
        !append
            .expects
            .iter()
            .any(|expect| self.written.contains(&expect.stream.id))
            && !answer.is_some_and(|kept| self.commands.contains(&kept.command_id))
            && !unique_keys(append).any(|key| self.keys.contains(&key))
    }

    fn note(&mut self, append: &Append) {
        self.written
            .extend(append.records.iter().map(|record| record.aggregate_id));
        self.commands
            .extend(append.answer.as_ref().map(|kept| kept.command_id));
        self.keys.extend(unique_keys(append));
    }
}

fn unique_keys(append: &Append) -> impl Iterator<Item = (KeyKind, String)> + '_ {
    append.lookups.iter().filter_map(|write| match write {
        LookupWrite::Key { kind, key, .. } => Some((*kind, key.clone())),
        LookupWrite::Places { .. } | LookupWrite::Due { .. } => None,
    })
}

/// What is known after the last batch: the least versions of streams that it wrote, versions that
/// streams are not at, and its commands.
#[derive(Default)]
pub(super) struct Moved {
    versions: HashMap<Uuid, i64>,
    not_at: HashSet<(Uuid, i64)>,
    commands: HashSet<Uuid>,
    /// Whether the database is away: it could not be reached for the batch, or not to ask for its fate.
    pub away: bool,
}

impl Moved {
    pub fn is_empty(&self) -> bool {
        self.versions.is_empty() && self.not_at.is_empty()
    }

    /// Learns from a command's answer.
    pub fn note(&mut self, append: &Append, answer: &Appended) {
        self.commands
            .extend(append.answer.as_ref().map(|kept| kept.command_id));
        match answer {
            Appended::Done { .. } => {
                for record in &append.records {
                    self.raise(record.aggregate_id, record.sequence);
                }
            }
            // With several streams it is not known which of them has moved on.
            Appended::Stale => {
                if let [only] = append.expects.as_slice() {
                    self.not_at.insert((only.stream.id, only.version));
                }
            }
            Appended::KeyTaken(_) | Appended::LookupTaken => {}
        }
    }

    pub fn extend(&mut self, other: Self) {
        self.away |= other.away;
        self.commands.extend(other.commands);
        self.not_at.extend(other.not_at);
        for (stream, version) in other.versions {
            self.raise(stream, version);
        }
    }

    /// Whether the command expects what is no longer so. A command that was just done is no rival of itself: it
    /// goes on to the database, which has the answer. (An older duplicate may hear `Stale` first;
    /// when it is decided again, its append finds the answer.)
    pub fn made_stale(&self, append: &Append) -> bool {
        let repeated = append
            .answer
            .as_ref()
            .is_some_and(|kept| self.commands.contains(&kept.command_id));
        !repeated
            && append.expects.iter().any(|expect| {
                let version = self.versions.get(&expect.stream.id);
                version.is_some_and(|version| *version > expect.version)
                    || self.not_at.contains(&(expect.stream.id, expect.version))
            })
    }

    fn raise(&mut self, stream: Uuid, version: i64) {
        let known = self.versions.entry(stream).or_insert(version);
        *known = version.max(*known);
    }
}
