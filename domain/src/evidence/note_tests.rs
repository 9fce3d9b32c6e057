//! The signed note against the specification's own example and that of Go's `sumdb/note`.

use super::*;

const SPEC_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const SPEC_NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

const GO_SECRET: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key(text: &str) -> VerifierKey {
    text.parse().expect("a verifier key")
}

fn go_signer() -> Signer {
    let bytes = line::decoded(GO_SECRET).expect("base64");
    let secret = bytes[1..].try_into().expect("32 bytes");
    Signer::new("PeterNeumann", Purpose::Note, &secret).expect("a name")
}

#[test]
fn the_examples_of_the_specification_and_of_go_verify_and_are_written_back_alike() {
    for (vkey, text) in [(SPEC_KEY, SPEC_NOTE), (GO_KEY, GO_NOTE)] {
        let note = Note::parse(text).expect("a note");
        assert_eq!(note.verify(&key(vkey)), Ok(()));
        assert_eq!(note.to_string(), text);
        assert_eq!(key(vkey).to_string(), vkey);
    }
    assert_eq!(key(SPEC_KEY).id(), 0x530d_903a);
}

#[test]
fn signing_gives_the_bytes_that_go_gives() {
    let text = GO_NOTE.split("\n\n").next().expect("a text");
    let note = Note::sign(format!("{text}\n"), &go_signer());
    assert_eq!(note.to_string(), GO_NOTE);
    assert_eq!(go_signer().verifier().to_string(), GO_KEY);
}

#[test]
fn the_text_ends_at_the_last_empty_line() {
    let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u{e8} subito sera.\n";
    let line = "\u{2014} quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";
    let note = Note::parse(&format!("{text}\n{line}")).expect("a note");
    assert_eq!(note.text, text);
    assert_eq!(note.signatures.len(), 1);
    assert_eq!(note.verify(&key(SPEC_KEY)), Err(NoteError::NotSigned));
}

#[test]
fn a_changed_text_is_refused_and_an_unknown_key_passed_over() {
    let note = Note::parse(&SPEC_NOTE.replace("example message", "example massage"));
    let note = note.expect("well formed");
    assert_eq!(note.verify(&key(SPEC_KEY)), Err(NoteError::WrongSignature));
    assert_eq!(note.verify(&key(GO_KEY)), Err(NoteError::NotSigned));

    let mut both = Note::parse(GO_NOTE).expect("a note");
    let stranger = Signature::parse(SPEC_NOTE.lines().last().expect("a line"));
    both.signatures.insert(0, stranger.expect("a signature"));
    assert_eq!(both.verify(&key(GO_KEY)), Ok(()));
}

#[test]
fn what_is_not_exactly_a_note_is_not_read() {
    let line = SPEC_NOTE.lines().last().expect("a line");
    for wrong in [
        String::new(),
        "text\n".to_owned(),
        "text\n\n".to_owned(),
        format!("text\n{line}\n"),
        format!("text\n\n{line}"),
        format!("text\n\n{line}\n\n"),
        format!("text\r\n\n{line}\n"),
        format!("te\u{0}xt\n\n{line}\n"),
        format!("text\n\n{line}\nmore\n"),
        format!("text\n\n{}\n", line.replace('\u{2014}', "-")),
        format!("text\n\n{line} \n"),
        "text\n\n\u{2014} name QUJD\n".to_owned(),
        "text\n\n\u{2014} name QUJDRA==\n".to_owned(),
        "text\n\n\u{2014} na+me QUJDREU=\n".to_owned(),
        "text\n\n\u{2014} name QUJDREV=\n".to_owned(),
    ] {
        assert_eq!(Note::parse(&wrong), Err(NoteError::Malformed), "{wrong:?}");
    }
    let many = format!("text\n\n{}", format!("{line}\n").repeat(MAX_SIGNATURES + 1));
    assert_eq!(Note::parse(&many), Err(NoteError::TooLong));
    let long = format!("{}\n\n{line}\n", "x".repeat(MAX_NOTE));
    assert_eq!(Note::parse(&long), Err(NoteError::TooLong));
}

#[test]
fn what_is_not_exactly_a_key_is_not_read() {
    for wrong in [
        "",
        "example.com/foo",
        "example.com/foo+530d903a",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
        "example.com/f oo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ] {
        assert_eq!(
            wrong.parse::<VerifierKey>(),
            Err(NoteError::NotAKey),
            "{wrong:?}"
        );
    }
    assert!(Signer::new("two words", Purpose::Note, &[1; 32]).is_err());
    assert!(!format!("{:?}", go_signer()).contains("AYEKFALVFGyN"));
}

#[test]
fn a_note_is_as_long_as_it_may_be_and_no_longer() {
    let sign = |length| Note::sign("x".repeat(length - 1) + "\n", &go_signer()).to_string();
    let around = sign(2).len() - 2;
    assert!(Note::parse(&sign(MAX_NOTE - around)).is_ok());
    let longer = Note::parse(&sign(MAX_NOTE - around + 1));
    assert_eq!(longer, Err(NoteError::TooLong));

    let mut note = Note::parse(SPEC_NOTE).expect("a note");
    note.signatures = vec![note.signatures[0].clone(); MAX_SIGNATURES];
    assert_eq!(Note::parse(&note.to_string()).as_ref(), Ok(&note));
    note.signatures.push(note.signatures[0].clone());
    assert_eq!(Note::parse(&note.to_string()), Err(NoteError::TooLong));
}

#[test]
fn a_key_for_cosignatures_is_read_back_and_a_signer_shows_only_its_public_key() {
    let signer = Signer::new("witness.example", Purpose::Cosignature, &[2; 32]).expect("a name");
    let shown = signer.verifier().to_string();
    assert_eq!(key(&shown), signer.verifier());
    assert_eq!(format!("{signer:?}"), format!("Signer({shown})"));
}
