//! The boundary of a district, as GeoJSON writes it, and the point to look for in it.
#![no_main]

use domain::geography::Boundary;
use fuzz::comes_back_as_json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(boundary) = comes_back_as_json::<Boundary>(text) {
        let _either = boundary.is_closed_and_bounded();
    }
});
