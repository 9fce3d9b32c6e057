//! A receipt that somebody hands in, and what is said to open it.
#![no_main]

use domain::evidence::note::{Purpose, Signer};
use domain::evidence::opening::Opening;
use domain::evidence::receipt::{Receipt, Trust};
use fuzz::comes_back_as_json;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Some(opening) = comes_back_as_json::<Opening>(text) {
        let _wrong_as_a_rule = opening.parts();
    }
    let Some(receipt) = comes_back_as_json::<Receipt>(text) else {
        return;
    };
    let log = Signer::new("ledger.example/log", Purpose::Note, &[1; 32]).expect("a name");
    let trust = Trust {
        log: log.verifier(),
        witnesses: Vec::new(),
    };
    let _wrong_as_a_rule = receipt.verify(&trust, &[]);
});
