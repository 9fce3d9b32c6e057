//! The cosignature of C2SP (`c2sp.org/tlog-cosignature`, `cosignature/v1`): a witness states that
//! at a time a checkpoint was the largest and consistent with all that it saw of that log before.

use super::note::{Note, NoteError, Purpose, Signature, Signer, VerifierKey};

/// The cosignature of a checkpoint's text at a time in seconds since 1970.
#[must_use]
pub fn cosign(text: &str, signer: &Signer, timestamp: u64) -> Signature {
    let mut bytes = timestamp.to_be_bytes().to_vec();
    bytes.extend_from_slice(&signer.signed(message(text, timestamp).as_bytes()));
    Signature::of(&signer.verifier(), bytes)
}

/// When the witness cosigned the note, in seconds since 1970; the latest if several times.
///
/// # Errors
/// [`NoteError::NotSigned`]: there is no cosignature of the key, or the key is none of a witness;
/// [`NoteError::WrongSignature`]: one that says it is of the key does not verify.
pub fn cosigned_at(note: &Note, witness: &VerifierKey) -> Result<u64, NoteError> {
    if witness.purpose() != Purpose::Cosignature {
        return Err(NoteError::NotSigned);
    }
    let mut latest = None;
    for signature in note.signatures.iter().filter(|line| line.is_of(witness)) {
        latest = latest.max(Some(checked(&note.text, signature, witness)?));
    }
    latest.ok_or(NoteError::NotSigned)
}

/// The time of one cosignature, if it verifies.
fn checked(text: &str, line: &Signature, witness: &VerifierKey) -> Result<u64, NoteError> {
    let (time, signature) = line
        .bytes
        .split_first_chunk::<8>()
        .ok_or(NoteError::WrongSignature)?;
    let timestamp = u64::from_be_bytes(*time);
    if i64::try_from(timestamp).is_err() {
        return Err(NoteError::WrongSignature);
    }
    witness.checks(message(text, timestamp).as_bytes(), signature)?;
    Ok(timestamp)
}

/// What is signed: a header line, the time and the whole text.
fn message(text: &str, timestamp: u64) -> String {
    format!("cosignature/v1\ntime {timestamp}\n{text}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    fn witness(secret: u8) -> Signer {
        Signer::new(
            "witness.example.com/w1",
            Purpose::Cosignature,
            &[secret; 32],
        )
        .expect("a name")
    }

    fn note(signatures: Vec<Signature>) -> Note {
        Note {
            text: TEXT.to_owned(),
            signatures,
        }
    }

    #[test]
    fn the_message_is_that_of_the_specification() {
        assert_eq!(
            message(TEXT, 1_679_315_147),
            "cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        );
    }

    /// The specification gives no key for its example, so what can be checked is the frame.
    #[test]
    fn the_example_of_the_specification_has_its_time_in_front() {
        let line = "\u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==";
        let signature = Signature::parse(line).expect("a signature");
        assert_eq!(signature.bytes.len(), 8 + 64);
        assert_eq!(signature.bytes[..8], 1_679_315_147_u64.to_be_bytes());
        assert_eq!(signature.to_string(), line);
    }

    #[test]
    fn a_cosignature_says_when() {
        let key = witness(3).verifier();
        let two = note(vec![
            cosign(TEXT, &witness(3), 1_700_000_000),
            cosign(TEXT, &witness(3), 1_679_315_147),
        ]);
        assert_eq!(cosigned_at(&two, &key), Ok(1_700_000_000));
        let stranger = witness(4).verifier();
        assert_eq!(cosigned_at(&two, &stranger), Err(NoteError::NotSigned));
    }

    #[test]
    fn another_time_or_text_is_refused() {
        let key = witness(3).verifier();
        let mut later = cosign(TEXT, &witness(3), 5);
        later.bytes[7] += 1;
        let wrong = Err(NoteError::WrongSignature);
        assert_eq!(cosigned_at(&note(vec![later]), &key), wrong);
        let other = cosign("another\n", &witness(3), 5);
        assert_eq!(cosigned_at(&note(vec![other]), &key), wrong);
        let mut cut = cosign(TEXT, &witness(3), 5);
        cut.bytes.truncate(7);
        assert_eq!(cosigned_at(&note(vec![cut]), &key), wrong);
    }

    /// A log's key never counts as a witness, whatever it signed.
    #[test]
    fn the_key_of_a_log_is_no_witness() {
        let log = Signer::new("example.com/behind-the-sofa", Purpose::Note, &[3; 32]);
        let log = log.expect("a name");
        let signed = Note::sign(TEXT.to_owned(), &log);
        let asked = cosigned_at(&signed, &log.verifier());
        assert_eq!(asked, Err(NoteError::NotSigned));
    }
}
