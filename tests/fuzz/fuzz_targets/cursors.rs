//! What stands in the address of a page: where an answer goes on, as of when.
#![no_main]

use libfuzzer_sys::fuzz_target;
use projections::cursor::{read, write};
use projections::replay::AsOf;

fuzz_target!(|text: &str| {
    if let Ok(parts) = read::<2>(Some(text)) {
        let written = write(&parts.each_ref().map(String::as_str));
        assert_eq!(read::<2>(Some(&written)), Ok(parts));
    }
    let _refused_as_a_rule = text.parse::<AsOf>();
});
