//! Which rows may be in a copy, in memory that does not grow with their number.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Bits of the filter: 16 MiB, in which five million keys leave one wrong "maybe" in a hundred. Such a
/// one costs a look at the table, no more.
const BITS: u64 = 1 << 27;
/// How many bits stand for one key.
const EACH: u64 = 3;

/// A Bloom filter over the keys of rows that were written. Empty, it takes no memory.
#[derive(Default)]
pub(super) struct Written(Vec<u64>);

impl Written {
    /// Notes that a row with this key is in its table; says whether it may have been there before.
    pub fn add(&mut self, table: &str, key: &str) -> bool {
        if self.0.is_empty() {
            self.0 = vec![0; usize::try_from(BITS / 64).unwrap_or_default()];
        }
        let mut were_set = true;
        for (word, bit) in places(table, key) {
            were_set &= self.0[word] & bit != 0;
            self.0[word] |= bit;
        }
        were_set
    }

    /// False if there is certainly no row with this key.
    pub fn may_hold(&self, table: &str, key: &str) -> bool {
        !self.0.is_empty() && places(table, key).all(|(word, bit)| self.0[word] & bit != 0)
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
        let mut add = |key: u32| written.add("voucher", &key.to_string());
        assert!((0..10_000).filter(|key| add(*key)).count() < 10);
        assert!((0..10_000).all(add));
        let held = |table, keys: std::ops::Range<u32>| {
            keys.filter(|key| written.may_hold(table, &key.to_string()))
                .count()
        };
        assert_eq!(held("voucher", 0..10_000), 10_000);
        assert!(held("voucher", 10_000..20_000) < 10);
        assert!(held("board", 0..10_000) < 10);
    }
}
