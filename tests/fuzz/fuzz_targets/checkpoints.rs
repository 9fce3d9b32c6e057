//! What witnesses, ledgers and auditors send each other: notes, checkpoints, keys, names of tiles.
#![no_main]

use domain::evidence::add_checkpoint::AddCheckpoint;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::cosignature::cosigned_at;
use domain::evidence::note::{Note, Purpose, Signer, VerifierKey};
use domain::evidence::tile::{BundleId, TileId};
use fuzz::comes_back;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    comes_back::<AddCheckpoint>(text);
    comes_back::<VerifierKey>(text);
    comes_back::<TileId>(text);
    comes_back::<BundleId>(text);
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint));
    }
    let Ok(note) = Note::parse(text) else { return };
    let written = note.to_string();
    assert_eq!(Note::parse(&written).map(|it| it.to_string()), Ok(written));
    for purpose in [Purpose::Note, Purpose::Cosignature] {
        let key = Signer::new("ledger.example/log", purpose, &[1; 32]).expect("a name");
        let _wrong_as_a_rule = note.verify(&key.verifier());
        let _wrong_as_a_rule = cosigned_at(&note, &key.verifier());
    }
});
