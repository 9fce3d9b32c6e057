//! Chance that can be had again: a seed, printed with every result.

/// A small generator (SplitMix64): the same seed gives the same choices on every machine.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub fn of(seed: u64) -> Self {
        Self(seed)
    }

    /// The seed of this run: `SOSPESO_SEED`, or the same as always.
    pub fn seed() -> u64 {
        std::env::var("SOSPESO_SEED").map_or(2019, |seed| seed.parse().expect("a number"))
    }

    /// Other chance, for somebody who throws beside us.
    pub fn split(&mut self) -> Self {
        Self(self.next())
    }

    /// One of 0 to `sides` - 1.
    pub fn throw(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
