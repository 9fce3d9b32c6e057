//! Whether the sequences of every stream follow on each other, in bounded memory.
//!
//! Streams are followed by a keyed hash of their ids: at first all of them, and when there are more
//! than memory is for, those in the lower half of the hashes, as often as it takes. The rest is
//! followed when the log is read again.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::ops::RangeInclusive;

use super::leaves::Part;
use super::scan::Stored;
use super::verify::{Fault, at};

/// The most streams that are followed in one reading: 17 MB.
pub const STREAMS: usize = 900_000;

/// The last sequence of each stream that is followed in one reading of the log.
pub struct Streams {
    hasher: RandomState,
    most: usize,
    followed: RangeInclusive<u64>,
    last: HashMap<u64, u32>,
}

impl Streams {
    /// Follows all streams, or as many of them as `most` in one reading.
    #[must_use]
    pub fn of(most: usize) -> Self {
        Self {
            hasher: RandomState::new(),
            most,
            followed: 0..=u64::MAX,
            last: HashMap::new(),
        }
    }

    /// Takes the next event of the log; says if its number is not the one that is due.
    pub fn take(&mut self, event: &Stored<'_>) -> Option<Fault> {
        let last = self.last(event.aggregate_id)?;
        let due = i64::from(*last) + 1;
        *last += 1;
        (event.sequence != due).then(|| {
            let says = format!(
                "it is number {} of its stream, where {due} is due",
                event.sequence
            );
            at(event.position, event, Part::Place, says)
        })
    }

    /// How many streams were followed to the end of this reading.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.last.len() as u64
    }

    /// Those that were not followed, for another reading from the first event on; `None` if all
    /// were.
    #[must_use]
    pub fn rest(self) -> Option<Self> {
        let next = self.followed.end().checked_add(1)?;
        let mut last = self.last;
        last.clear();
        Some(Self {
            followed: next..=u64::MAX,
            last,
            ..self
        })
    }

    /// The last sequence of a stream, 0 for a new one; `None` if it is not followed this time.
    fn last(&mut self, id: &str) -> Option<&mut u32> {
        let key = self.hasher.hash_one(id);
        if self.last.len() >= self.most && !self.last.contains_key(&key) {
            self.narrow();
        }
        if !self.followed.contains(&key) {
            return None;
        }
        Some(self.last.entry(key).or_default())
    }

    /// Follows fewer. Whatever stays was followed from its first event on.
    fn narrow(&mut self) {
        let (from, mut to) = (*self.followed.start(), *self.followed.end());
        while self.last.len() >= self.most && from < to {
            to = from + (to - from) / 2;
            self.last.retain(|key, _| *key <= to);
        }
        self.followed = from..=to;
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    /// The events of 100 streams with three each, one after the other round all streams.
    fn events() -> Vec<(String, i64)> {
        let streams = || (0..100).map(|stream| Uuid::from_u128(stream).to_string());
        let rounds = 1..=3;
        rounds
            .flat_map(|sequence| streams().map(move |id| (id, sequence)))
            .collect()
    }

    fn stored(position: i64, id: &str, sequence: i64) -> Stored<'_> {
        Stored {
            position,
            network: "praha",
            aggregate_type: "voucher",
            aggregate_id: id,
            sequence,
            event_type: "voucher.redeemed",
            event_version: "1",
            payload: "{}",
            metadata: "{}",
            event_id: Uuid::nil(),
            occurred_at: 0,
            recorded_at: 0,
            leaf_hash: &[],
        }
    }

    /// Reads the events as often as it takes: the faults, how many streams, and how many readings.
    fn read(events: &[(String, i64)], most: usize) -> (Vec<Fault>, u64, u32) {
        let (mut faults, mut count, mut readings) = (Vec::new(), 0, 0);
        let mut next = Some(Streams::of(most));
        while let Some(mut streams) = next {
            for (position, (id, sequence)) in (1..).zip(events) {
                faults.extend(streams.take(&stored(position, id, *sequence)));
                assert!(streams.last.len() <= most, "memory is bounded");
            }
            count += streams.count();
            readings += 1;
            next = streams.rest();
        }
        (faults, count, readings)
    }

    #[test]
    fn every_stream_is_followed_once_however_few_fit() {
        for most in [1, 7, 64, 100, 1_000] {
            let (faults, count, readings) = read(&events(), most);
            assert_eq!((faults, count), (vec![], 100), "{most}");
            assert_eq!(readings == 1, most >= 100, "{most}: {readings} readings");
        }
    }

    #[test]
    fn a_gap_in_any_stream_is_found_however_few_fit() {
        for (gone, most) in [(0, 7), (41, 7), (99, 7), (141, 64), (150, 1)] {
            let mut events = events();
            let (id, sequence) = events.remove(gone);
            let (faults, _, _) = read(&events, most);
            let stream = Some(format!("voucher/{id}"));
            assert_eq!(faults[0].stream, stream, "number {sequence} is gone");
            assert!(faults.iter().all(|fault| fault.stream == stream));
        }
    }
}
