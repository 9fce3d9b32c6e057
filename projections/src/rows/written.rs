//! Which rows may be in a copy, in memory that does not grow with their number.

use std::hash::BuildHasher as _;

use hashbrown::DefaultHashBuilder;

/// Words of the filter: 16 MiB, in which ten million keys leave one wrong "maybe" in a hundred. Such a
/// one costs a look at the table, no more.
const WORDS: u64 = 1 << 21;
/// The bits of one key lie in so many words side by side: what a processor fetches from memory at once.
const BLOCK: u64 = 8;
/// How many bits stand for one key.
const EACH: usize = 3;

/// A Bloom filter over the keys of rows that were written. Empty, it takes no memory.
#[derive(Default)]
pub(super) struct Written {
    words: Vec<u64>,
    hasher: DefaultHashBuilder,
}

impl Written {
    /// Notes that a row with this key is in its table; says whether it may have been there before.
    pub fn add(&mut self, table: &str, key: &str) -> bool {
        if self.words.is_empty() {
            self.words = vec![0; usize::try_from(WORDS).unwrap_or_default()];
        }
        let mut were_set = true;
        for (word, bit) in self.places(table, key) {
            were_set &= self.words[word] & bit != 0;
            self.words[word] |= bit;
        }
        were_set
    }

    /// False if there is certainly no row with this key.
    pub fn may_hold(&self, table: &str, key: &str) -> bool {
        let mut places = self.places(table, key).into_iter();
        !self.words.is_empty() && places.all(|(word, bit)| self.words[word] & bit != 0)
    }

    fn places(&self, table: &str, key: &str) -> [(usize, u64); EACH] {
        let hash = self.hasher.hash_one((table, key));
        let block = hash % (WORDS / BLOCK) * BLOCK;
        // Nine bits for a place within the block, from the end that did not choose it.
        std::array::from_fn(|number| {
            let place = hash >> (64 - 9 * (number + 1));
            let word = block + place / 64 % BLOCK;
            (usize::try_from(word).unwrap_or_default(), 1 << (place % 64))
        })
    }
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
