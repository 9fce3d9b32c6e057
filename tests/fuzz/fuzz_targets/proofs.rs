//! Proofs, as text and as the numbers in them: no size, index or length makes one panic.
#![no_main]

use domain::evidence::event_proof::EventProof;
use domain::evidence::proof::{verify_consistency, verify_inclusion};
use domain::evidence::tlog_proof::TlogProof;
use fuzz::{comes_back, comes_back_as_json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = str::from_utf8(bytes) {
        comes_back::<TlogProof>(text);
        if let Some(proof) = comes_back_as_json::<EventProof>(text) {
            let _wrong_as_a_rule = proof.parts();
        }
    }
    let Some(([one, other], rest)) = numbers(bytes) else {
        return;
    };
    let (hashes, _) = rest.as_chunks::<32>();
    let [leaf, root, steps @ ..] = hashes else {
        return;
    };
    let _wrong_as_a_rule = verify_inclusion(leaf, one, other, steps, root);
    let _wrong_as_a_rule = verify_consistency(one, leaf, other, root, steps);
});

fn numbers(bytes: &[u8]) -> Option<([u64; 2], &[u8])> {
    let (one, rest) = bytes.split_first_chunk()?;
    let (other, rest) = rest.split_first_chunk()?;
    Some(([u64::from_le_bytes(*one), u64::from_le_bytes(*other)], rest))
}
