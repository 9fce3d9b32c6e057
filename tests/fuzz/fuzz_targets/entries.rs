//! The bytes of an entry, and of a tile.
#![no_main]

use domain::entry;
use domain::evidence::tile::Tile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(tile) = Tile::from_bytes(0, 0, bytes) {
        assert_eq!(tile.to_bytes(), bytes);
    }
    let _none_as_a_rule = entry::read(bytes);
});
