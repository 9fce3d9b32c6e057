//! Receipts: what they prove, what they only commit to, and what is found out.

use std::convert::Infallible;

use chrono::DateTime;

use super::*;
use crate::envelope::Record;
use crate::evidence::cosignature::cosign;
use crate::evidence::note::{NoteError, Purpose, Signer};
use crate::evidence::opening;
use crate::evidence::proof::inclusion_proof;
use crate::evidence::tree::tests::{naive, some_leaves, subtrees};

const ORIGIN: &str = "ledger.example/log";
const LOG: Uuid = Uuid::from_u128(3);
const VOUCHER: Uuid = Uuid::from_u128(1);
const BLINDING: Hash = [9; 32];

fn signer(name: &str, purpose: Purpose, secret: u8) -> Signer {
    Signer::new(name, purpose, &[secret; 32]).expect("a name")
}

fn trust() -> Trust {
    Trust {
        log: signer(ORIGIN, Purpose::Note, 1).verifier(),
        witnesses: vec![signer("witness.example", Purpose::Cosignature, 2).verifier()],
    }
}

fn record(sequence: i64, act: &str) -> Record {
    let at = DateTime::from_timestamp_micros(1_763_626_500_000_000 + sequence).expect("valid");
    Record {
        network: "praha".into(),
        aggregate_type: "voucher".into(),
        aggregate_id: VOUCHER,
        sequence,
        event_type: format!("voucher.{act}"),
        event_version: "1".into(),
        payload: format!(r#"{{"{act}":{{}}}}"#),
        metadata: "{}".into(),
        event_id: Record::event_id(LOG, VOUCHER, sequence),
        occurred_at: at,
        recorded_at: at,
    }
}

/// A voucher that was prepaid (leaf 4), got a code (leaf 7) and expired (leaf 9 of 11).
struct Life {
    leaves: Vec<Hash>,
    note: Note,
}

impl Life {
    const PLACES: [(usize, &str); 3] = [(4, "prepaid"), (7, "code_issued"), (9, "expired")];

    fn new() -> Self {
        let mut leaves = some_leaves(11);
        for (sequence, (place, act)) in (1..).zip(Self::PLACES) {
            leaves[place] = record(sequence, act).leaf_hash(LOG);
        }
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size: 11,
            root: naive(&leaves),
        };
        let mut note = checkpoint.sign(&signer(ORIGIN, Purpose::Note, 1));
        let witness = signer("witness.example", Purpose::Cosignature, 2);
        note.signatures
            .push(cosign(&note.text, &witness, 1_763_626_600));
        Self { leaves, note }
    }

    fn proof(&self, place: usize) -> String {
        let nodes = subtrees(&self.leaves);
        let read = |node| Ok::<_, Infallible>(nodes[&node]);
        let index = u64::try_from(place).expect("small");
        TlogProof {
            extra: None,
            index,
            hashes: inclusion_proof(index, 11, read).expect("infallible"),
            checkpoint: self.note.clone(),
        }
        .to_string()
    }

    fn proven(&self, number: usize) -> ReceiptEvent {
        let (place, act) = Self::PLACES[number - 1];
        let record = record(i64::try_from(number).expect("small"), act);
        ReceiptEvent::Proven {
            act: record.event_type.clone(),
            entry: line::encoded(&entry::bytes(LOG, &record)),
            payload: record.payload,
            proof: self.proof(place),
        }
    }

    fn receipt(&self) -> Receipt {
        let hidden = ReceiptEvent::Committed {
            act: "voucher.code_issued".into(),
            month: "2025-11".into(),
            commitment: line::of_hash(&commitment(&BLINDING, &self.leaves[7])),
        };
        Receipt {
            format: FORMAT.into(),
            origin: ORIGIN.into(),
            log_id: LOG,
            network: "praha".into(),
            voucher_id: VOUCHER,
            checkpoint: self.note.to_string(),
            events: vec![self.proven(1), hidden, self.proven(3)],
        }
    }

    fn opening(&self) -> Opening {
        let record = record(2, "code_issued");
        Opening {
            format: opening::FORMAT.into(),
            blinding: line::of_hash(&BLINDING),
            entry: line::encoded(&entry::bytes(LOG, &record)),
            payload: record.payload,
            proof: self.proof(7),
        }
    }
}

#[test]
fn a_receipt_proves_what_it_shows_and_names_what_it_hides() {
    let receipt = Life::new().receipt();
    let verified = receipt.verify(&trust(), &[]).expect("it holds");
    assert_eq!(verified.checkpoint.size, 11);
    assert_eq!(
        verified.cosigned,
        [("witness.example".to_owned(), 1_763_626_600)]
    );
    let [
        VerifiedEvent::Proven(first),
        VerifiedEvent::Committed { act, month },
        VerifiedEvent::Proven(last),
    ] = &verified.events[..]
    else {
        panic!("{:?}", verified.events)
    };
    assert_eq!((first.position, first.act.as_str()), (5, "voucher.prepaid"));
    assert_eq!(
        (act.as_str(), month.as_str()),
        ("voucher.code_issued", "2025-11")
    );
    assert_eq!(last.payload, r#"{"expired":{}}"#);
    let text = serde_json::to_string(&receipt).expect("JSON");
    assert_eq!(
        serde_json::from_str::<Receipt>(&text).expect("read"),
        receipt
    );
}

#[test]
fn an_opening_shows_what_was_hidden() {
    let life = Life::new();
    let verified = life.receipt().verify(&trust(), &[life.opening()]);
    let verified = verified.expect("it holds");
    let VerifiedEvent::Proven(opened) = &verified.events[1] else {
        panic!("{:?}", verified.events)
    };
    assert!(opened.opened);
    assert_eq!(
        (opened.position, opened.act.as_str()),
        (8, "voucher.code_issued")
    );
}

#[test]
fn an_opening_of_something_else_is_found_out() {
    let life = Life::new();
    let opened = |opening| {
        life.receipt()
            .verify(&trust(), &[opening])
            .expect_err("refused")
    };
    let mut other = life.opening();
    other.blinding = line::of_hash(&[8; 32]);
    assert_eq!(opened(other), Fault::OtherOpening);
    let mut other = life.opening();
    other.payload.push(' ');
    assert_eq!(opened(other), Fault::OtherPayload(2));
    let mut other = life.opening();
    other.proof = life.proof(6);
    assert_eq!(opened(other), Fault::NotInLog(2));
}

/// Nobody who collects all leaf hashes finds the hidden event by trying them.
#[test]
fn neither_leaf_nor_index_of_a_hidden_event_is_in_a_receipt() {
    let life = Life::new();
    let text = serde_json::to_string(&life.receipt()).expect("JSON");
    let hidden = &life.leaves[7];
    assert!(!text.contains(&hex::encode(hidden)));
    assert!(!text.contains(&line::of_hash(hidden)));
    assert!(!text.contains("index 7"));
    let bare: Hash = Sha256::digest(hidden).into();
    assert!(!text.contains(&line::of_hash(&bare)));
}

#[test]
fn every_change_is_found_out() {
    type Change = fn(&mut Receipt, &Life);
    let life = Life::new();
    let changes: [(Change, Fault); 12] = [
        (
            |r, _| r.format = "sospeso-receipt/2".into(),
            Fault::Malformed,
        ),
        (
            |r, _| r.origin = "other".into(),
            Fault::Checkpoint(CheckpointError::OtherOrigin),
        ),
        (
            |r, _| r.checkpoint = r.checkpoint.replacen("\n11\n", "\n12\n", 1),
            Fault::Checkpoint(CheckpointError::Note(NoteError::WrongSignature)),
        ),
        (|r, _| r.network = "brno".into(), Fault::OtherEntry(1)),
        (
            |r, _| r.voucher_id = Uuid::from_u128(2),
            Fault::OtherEntry(1),
        ),
        (|r, _| r.log_id = Uuid::from_u128(4), Fault::OtherEntry(1)),
        (|r, _| r.events.truncate(0), Fault::NoBeginning),
        (|r, _| drop(r.events.remove(1)), Fault::OtherEntry(2)),
        (|r, _| r.events.swap(0, 2), Fault::OtherEntry(1)),
        (
            |r, _| with(r, |_, payload, _| payload.push(' ')),
            Fault::OtherPayload(1),
        ),
        (
            |r, _| with(r, |act, _, _| *act = "voucher.voided".into()),
            Fault::OtherEntry(1),
        ),
        (
            |r, life| with(r, |_, _, proof| *proof = life.proof(5)),
            Fault::NotInLog(1),
        ),
    ];
    for (change, fault) in changes {
        let mut receipt = life.receipt();
        change(&mut receipt, &life);
        assert_eq!(receipt.verify(&trust(), &[]), Err(fault));
    }
}

fn with(receipt: &mut Receipt, change: impl Fn(&mut String, &mut String, &mut String)) {
    if let ReceiptEvent::Proven {
        act,
        payload,
        proof,
        ..
    } = &mut receipt.events[0]
    {
        change(act, payload, proof);
    }
}

#[test]
fn a_witness_that_was_asked_for_must_have_cosigned() {
    let receipt = Life::new().receipt();
    let mut trust = trust();
    let other = signer("other.example", Purpose::Cosignature, 5).verifier();
    trust.witnesses.push(other);
    let fault = Fault::NotCosigned("other.example".to_owned());
    assert_eq!(receipt.verify(&trust, &[]), Err(fault));
}

/// The log signs the tree of another history, in which the voucher expired differently.
#[test]
fn a_receipt_of_another_key_is_not_believed() {
    let receipt = Life::new().receipt();
    let mut trust = trust();
    trust.log = signer(ORIGIN, Purpose::Note, 7).verifier();
    let fault = Fault::Checkpoint(CheckpointError::Note(NoteError::NotSigned));
    assert_eq!(receipt.verify(&trust, &[]), Err(fault));
}

/// A payload is shown whole, so no act of a voucher may ever hold sealed text.
#[test]
fn nothing_sealed_stands_in_the_acts_of_a_voucher() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/golden");
    let mut seen = 0;
    for file in std::fs::read_dir(folder).expect("the golden files") {
        let file = file.expect("a file");
        if file.file_name().to_string_lossy().starts_with("voucher.") {
            let text = std::fs::read_to_string(file.path()).expect("a text");
            assert!(
                !text.contains("key_id") && !text.contains("nonce"),
                "{text}"
            );
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen} acts");
}

#[test]
fn a_receipt_has_as_many_events_as_it_may_have_and_no_more() {
    let mut receipt = Life::new().receipt();
    let hidden = receipt.events[1].clone();
    receipt.events.resize(MAX_EVENTS, hidden.clone());
    let verified = receipt.verify(&trust(), &[]).expect("it holds");
    assert_eq!(verified.events.len(), MAX_EVENTS);
    receipt.events.push(hidden);
    assert_eq!(receipt.verify(&trust(), &[]), Err(Fault::Malformed));
}

#[test]
fn what_is_opened_is_what_the_receipt_calls_it() {
    let life = Life::new();
    let mut receipt = life.receipt();
    // Another hidden event comes after it.
    receipt.events[2] = ReceiptEvent::Committed {
        act: "voucher.expired".into(),
        month: "2025-11".into(),
        commitment: line::of_hash(&[8; 32]),
    };
    assert!(receipt.verify(&trust(), &[life.opening()]).is_ok());
    let ReceiptEvent::Committed { act, .. } = &mut receipt.events[1] else {
        panic!("it is hidden");
    };
    "voucher.redeemed".clone_into(act);
    let renamed = receipt.verify(&trust(), &[life.opening()]);
    assert_eq!(renamed, Err(Fault::OtherEntry(2)));
}
