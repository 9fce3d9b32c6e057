//! Files of venues and districts.
#![no_main]

use gateway::cli::import::{Format, districts_in, venues_in};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for format in [Format::Csv, Format::Geojson] {
        let _wrong_as_a_rule = venues_in(text, format);
        let _wrong_as_a_rule = districts_in(text, format);
    }
});
