//! Checks a whole log against checkpoints, one event after the other, in bounded memory.

use domain::evidence::tree::{Edge, Hash};
use serde::Serialize;

use super::leaves::{Leaves, Part};
use super::scan::{Head, Stored};
use super::streams::{STREAMS, Streams};

/// A checkpoint that the log must lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// How many events it covers.
    pub size: u64,
    /// Their root.
    pub root: Hash,
    /// Where it comes from, for the report; `None` for one that is stored beside the log.
    pub kept: Option<String>,
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The position, or the first of those among which it is.
    pub position: i64,
    /// The last of those among which it is; the same as `position` where that is exact.
    pub until: i64,
    /// The stream, as `type/id`, where it is known.
    pub stream: Option<String>,
    /// Which part is wrong, where that is known.
    pub part: Option<Part>,
    /// One sentence.
    pub says: String,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many events were read.
    pub events: u64,
    /// The last position that the database names.
    pub head: i64,
    /// How many streams were followed, each from its first event to its last.
    pub streams: u64,
    /// The largest checkpoint that the log leads to: everything up to there is what was signed.
    pub sound_up_to: u64,
    /// How many checkpoints the log leads to.
    pub checkpoints: u64,
    /// The first thing that is wrong.
    pub fault: Option<Fault>,
    /// Checkpoints that were kept and checkpoints that are stored cannot both be true: the key
    /// signed two histories.
    pub signed_twice: bool,
    /// The first checkpoint that the log does not lead to: its size and root.
    #[serde(skip)]
    pub broken: Option<Mark>,
}

/// Follows a log from its first event to its last.
pub struct Verifier {
    leaves: Leaves,
    edge: Edge,
    /// Those still ahead, the smallest last.
    marks: Vec<Mark>,
    streams: Streams,
    /// How many were followed in readings that are over.
    followed: u64,
    fault: Option<Fault>,
    broken: Option<Mark>,
    kept_broken: bool,
    stored_sound_after: bool,
    sound: u64,
    checkpoints: u64,
    last: Option<Vec<u8>>,
}

impl Verifier {
    /// A verifier of a log from its beginning, against these checkpoints.
    #[must_use]
    pub fn new(head: &Head, marks: Vec<Mark>) -> Self {
        Self::following(STREAMS, head, marks)
    }

    /// One that follows so many streams at most in one reading.
    fn following(most: usize, head: &Head, mut marks: Vec<Mark>) -> Self {
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.size));
        Self {
            leaves: Leaves::of(head.log_id),
            edge: Edge::default(),
            marks,
            streams: Streams::of(most),
            followed: 0,
            fault: None,
            broken: None,
            kept_broken: false,
            stored_sound_after: false,
            sound: 0,
            checkpoints: 0,
            last: None,
        }
    }

    /// Takes the next event.
    pub fn take(&mut self, event: &Stored<'_>) {
        let expected = i64::try_from(self.edge.size() + 1).unwrap_or(i64::MAX);
        let leaf = self.leaves.hash(event);
        if self.fault.is_none() {
            self.fault = self.look(event, expected, &leaf);
        }
        self.edge.push(leaf, |_, _| {});
        if self.last.as_deref() != Some(event.leaf_hash) {
            self.last = Some(event.leaf_hash.to_vec());
        }
        self.compare();
    }

    /// The position of the last event that was taken.
    #[must_use]
    pub fn position(&self) -> i64 {
        i64::try_from(self.edge.size()).unwrap_or(i64::MAX)
    }

    /// The streams that were not followed because there are too many for one reading. They are to
    /// be given all events from the first to the last that was taken, and then to
    /// [`Verifier::followed`].
    pub fn rest(&mut self) -> Option<Streams> {
        self.followed += self.streams.count();
        std::mem::replace(&mut self.streams, Streams::of(STREAMS)).rest()
    }

    /// What another reading found: the first that is wrong counts. Answers with those that are
    /// left.
    pub fn followed(&mut self, streams: Streams, fault: Option<Fault>) -> Option<Streams> {
        self.followed += streams.count();
        let earlier = |known: &Fault, new: &Fault| new.position < known.position;
        if let Some(new) = fault
            && self.fault.as_ref().is_none_or(|known| earlier(known, &new))
        {
            self.fault = Some(new);
        }
        streams.rest()
    }

    /// What an event tells of itself.
    fn look(&mut self, event: &Stored<'_>, expected: i64, leaf: &Hash) -> Option<Fault> {
        if event.position != expected {
            let says = format!(
                "there is no event at position {expected}: {} follows",
                event.position
            );
            return Some(Fault {
                stream: None,
                ..at(expected, event, Part::Place, says)
            });
        }
        if event.leaf_hash != leaf {
            let part = self.leaves.part(event);
            let says = "it does not have the hash that was stored when it was appended".to_owned();
            return Some(at(expected, event, part, says));
        }
        if !self.leaves.id_follows(event) {
            let says = "its id does not follow from its stream and sequence".to_owned();
            return Some(at(expected, event, Part::Header, says));
        }
        self.streams.take(event)
    }

    /// Whether the log leads to the checkpoints of this size.
    fn compare(&mut self) {
        let size = self.edge.size();
        while self.marks.last().is_some_and(|mark| mark.size == size) {
            let Some(mark) = self.marks.pop() else { return };
            if self.edge.root() == mark.root {
                self.checkpoints += 1;
                self.stored_sound_after |= self.kept_broken && mark.kept.is_none();
                if self.broken.is_none() {
                    self.sound = size;
                }
            } else {
                self.kept_broken |= mark.kept.is_some();
                self.broken.get_or_insert(mark);
            }
        }
    }

    /// What was found, once all events were taken: they were there between two looks at the head.
    #[must_use]
    pub fn finish(mut self, before: &Head, after: &Head) -> Report {
        let events = self.edge.size();
        let held = i64::try_from(events).unwrap_or(i64::MAX);
        if let Some(mark) = self.broken.clone() {
            self.blame_root(mark);
        }
        if self.fault.is_none() {
            self.fault = self
                .beyond(held)
                .or_else(|| self.head_differs(before, after, held));
        }
        Report {
            events,
            head: before.position,
            streams: self.followed,
            sound_up_to: self.sound,
            checkpoints: self.checkpoints,
            fault: self.fault,
            signed_twice: self.kept_broken && self.stored_sound_after,
            broken: self.broken,
        }
    }

    /// A checkpoint that the log does not reach.
    fn beyond(&self, held: i64) -> Option<Fault> {
        let mark = self.marks.first()?;
        let says = format!(
            "the log ends at position {held}, but a checkpoint covers {} events: its tail was cut \
             off, or an older backup was restored",
            mark.size
        );
        Some(nowhere(held + 1, says))
    }

    /// The log's own head must name its last event.
    fn head_differs(&self, before: &Head, after: &Head, held: i64) -> Option<Fault> {
        if held < before.position {
            let says = format!("the log's head names position {}", before.position);
            return Some(nowhere(
                held + 1,
                format!("{says}, but its last event is {held}"),
            ));
        }
        if held > after.position {
            let says = format!("there are events after position {}", after.position);
            return Some(nowhere(
                after.position + 1,
                format!("{says}, which the head names last"),
            ));
        }
        let named = [before, after]
            .into_iter()
            .find(|head| head.position == held)?;
        (named.leaf_hash != self.last).then(|| {
            nowhere(
                held,
                "the log's head names another hash than its last event has".to_owned(),
            )
        })
    }

    /// A root that is wrong says that something is wrong before it, unless an event told already.
    fn blame_root(&mut self, mark: Mark) {
        let until = i64::try_from(mark.size).unwrap_or(i64::MAX);
        if self
            .fault
            .as_ref()
            .is_some_and(|fault| fault.position <= until)
        {
            return;
        }
        let from = i64::try_from(self.sound).unwrap_or(i64::MAX) + 1;
        let which = mark.kept.map_or_else(
            || "the stored checkpoint".to_owned(),
            |kept| format!("the checkpoint in {kept}"),
        );
        let says = format!(
            "the log does not lead to the root in {which} of {} events",
            mark.size
        );
        self.fault = Some(Fault {
            until,
            ..nowhere(from, says)
        });
    }
}

pub(super) fn at(position: i64, event: &Stored<'_>, part: Part, says: String) -> Fault {
    Fault {
        position,
        until: position,
        stream: Some(format!("{}/{}", event.aggregate_type, event.aggregate_id)),
        part: Some(part),
        says,
    }
}

fn nowhere(position: i64, says: String) -> Fault {
    Fault {
        position,
        until: position,
        stream: None,
        part: None,
        says,
    }
}

#[cfg(test)]
mod tests;
