//! Names, labels, slugs, languages, currencies, amounts.
#![no_main]

use domain::money::{CurrencyCode, Minor};
use domain::text::{Label, Language, Name, Slug};
use fuzz::{comes_back, comes_back_as_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    comes_back::<Slug>(text);
    comes_back::<Name>(text);
    comes_back::<Label>(text);
    comes_back::<Language>(text);
    comes_back_as_json::<CurrencyCode>(text);
    comes_back_as_json::<Minor>(text);
});
