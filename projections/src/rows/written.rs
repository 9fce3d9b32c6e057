//! Which rows may be in a copy, in memory that does not grow with their number.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::store::{Arg, Change};

/// Bits of the filter: 16 MiB, in which five million keys leave one wrong "maybe" in a hundred. Such a
/// one costs a look at the table, no more.
const BITS: u64 = 1 << 27;
/// How many bits stand for one key.
const EACH: u64 = 3;

/// A Bloom filter over the keys of rows that were written. Empty, it takes no memory.
#[derive(Default)]
pub(super) struct Written(Vec<u64>);

impl Written {
    /// Notes that a row with this key may be in its table.
    pub fn add(&mut self, table: &str, key: &str) {
        if self.0.is_empty() {
            self.0 = vec![0; usize::try_from(BITS / 64).unwrap_or_default()];
        }
        for (word, bit) in places(table, key) {
            self.0[word] |= bit;
        }
    }

    /// False if there is certainly no row with this key.
    pub fn may_hold(&self, table: &str, key: &str) -> bool {
        !self.0.is_empty() && places(table, key).all(|(word, bit)| self.0[word] & bit != 0)
    }

    /// The rows that are certainly not in the table yet apart from those that may be.
    pub fn apart(&self, mut change: Change) -> [Change; 2] {
        let name = change.table.name;
        change.deleted.retain(|key| self.may_hold(name, key));
        let (known, new) = change.rows.into_iter().partition(|row| match row.first() {
            Some(Arg::Text(key)) => self.may_hold(name, key),
            Some(Arg::Integer(_) | Arg::Null) | None => true,
        });
        let new = Change {
            table: change.table,
            rows: new,
            in_place: 0,
            new: true,
            deleted: Vec::new(),
        };
        change.rows = known;
        // A table that is being built has no indexes yet.
        change.in_place = 0;
        [change, new]
    }
}

fn places(table: &str, key: &str) -> impl Iterator<Item = (usize, u64)> {
    let mut hasher = DefaultHasher::new();
    (table, key).hash(&mut hasher);
    let hash = hasher.finish();
    // Two halves of one hash make as many as are needed.
    let (one, other) = (hash, (hash >> 32) | 1);
    (0..EACH).map(move |number| {
        let place = one.wrapping_add(number.wrapping_mul(other)) % BITS;
        (
            usize::try_from(place / 64).unwrap_or_default(),
            1 << (place % 64),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_may_be_there_and_of_the_rest_next_to_nothing() {
        let mut written = Written::default();
        assert!(!written.may_hold("voucher", "1"));
        for key in 0..10_000 {
            written.add("voucher", &key.to_string());
        }
        let held = |table, keys: std::ops::Range<u32>| {
            keys.filter(|key| written.may_hold(table, &key.to_string()))
                .count()
        };
        assert_eq!(held("voucher", 0..10_000), 10_000);
        assert!(held("voucher", 10_000..20_000) < 10);
        assert!(held("board", 0..10_000) < 10);
    }
}
