//! What somebody types as the code of a voucher.
#![no_main]

use domain::voucher::code::Code;
use fuzz::comes_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    comes_back::<Code>(text);
});
