//! The checkpoint of C2SP (`c2sp.org/tlog-checkpoint`): origin, size and root of the tree, signed.

use super::line;
use super::note::{Note, NoteError, Signer, VerifierKey};
use super::tree::Hash;

/// The head of a tree as its log states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: one line, not empty.
    pub origin: String,
    /// The number of leaves.
    pub size: u64,
    /// The root of the tree of that size (RFC 6962, 2.1).
    pub root: Hash,
}

/// Why a note is not a checkpoint of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not a note, or not signed as it must be.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not origin, size and root.
    #[error("the signed text is not a checkpoint")]
    Malformed,
    /// It is of another log than the one asked for.
    #[error("the checkpoint is of another log")]
    OtherOrigin,
}

impl Checkpoint {
    /// The text that is signed: three lines.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            line::of_hash(&self.root)
        )
    }

    /// Reads the text of a note. Extension lines after the third are passed over.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let whole = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
        let lines: Vec<&str> = whole.split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Malformed);
        };
        if origin.is_empty() || extensions.iter().any(|extension| extension.is_empty()) {
            return Err(CheckpointError::Malformed);
        }
        Ok(Self {
            origin: (*origin).to_owned(),
            size: line::number(size).ok_or(CheckpointError::Malformed)?,
            root: line::hash(root).ok_or(CheckpointError::Malformed)?,
        })
    }

    /// The checkpoint signed by its log.
    #[must_use]
    pub fn sign(&self, signer: &Signer) -> Note {
        Note::sign(self.text(), signer)
    }

    /// Reads a note and believes it only if the log's key signed it and it is of `origin`.
    ///
    /// # Errors
    /// Everything of [`CheckpointError`].
    pub fn open(note: &Note, origin: &str, log: &VerifierKey) -> Result<Self, CheckpointError> {
        note.verify(log)?;
        let checkpoint = Self::parse(&note.text)?;
        (checkpoint.origin == origin)
            .then_some(checkpoint)
            .ok_or(CheckpointError::OtherOrigin)
    }

    /// The same where any of several keys may have signed it: those of a log that changed its key.
    ///
    /// # Errors
    /// What the first key says of it.
    pub fn open_any(
        note: &Note,
        origin: &str,
        keys: &[VerifierKey],
    ) -> Result<Self, CheckpointError> {
        let mut first = CheckpointError::Note(NoteError::NotSigned);
        for (place, key) in keys.iter().enumerate() {
            match Self::open(note, origin, key) {
                Ok(checkpoint) => return Ok(checkpoint),
                Err(error) if place == 0 => first = error,
                Err(_) => {}
            }
        }
        Err(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::note::Purpose;

    const ORIGIN: &str = "example.com/behind-the-sofa";
    const TEXT: &str =
        "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    #[test]
    fn the_example_of_the_specification_is_read_and_written_back() {
        let note = format!(
            "{TEXT}\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
        );
        let note = Note::parse(&note).expect("a note");
        let checkpoint = Checkpoint::parse(&note.text).expect("a checkpoint");
        assert_eq!(checkpoint.origin, ORIGIN);
        assert_eq!(checkpoint.size, 20_852_163);
        assert_eq!(checkpoint.text(), TEXT);
    }

    #[test]
    fn it_is_believed_only_of_the_right_log_signed_by_its_key() {
        let signer = |secret| Signer::new(ORIGIN, Purpose::Note, &[secret; 32]).expect("a name");
        let checkpoint = Checkpoint::parse(TEXT).expect("a checkpoint");
        let note = checkpoint.sign(&signer(7));
        let key = signer(7).verifier();
        assert_eq!(Checkpoint::open(&note, ORIGIN, &key), Ok(checkpoint));
        assert_eq!(
            Checkpoint::open(&note, "example.com/other", &key),
            Err(CheckpointError::OtherOrigin)
        );
        assert_eq!(
            Checkpoint::open(&note, ORIGIN, &signer(8).verifier()),
            Err(CheckpointError::Note(NoteError::NotSigned))
        );
    }

    #[test]
    fn of_several_keys_one_is_enough_and_the_first_says_what_is_wrong() {
        let signer = |secret| Signer::new(ORIGIN, Purpose::Note, &[secret; 32]).expect("a name");
        let checkpoint = Checkpoint::parse(TEXT).expect("a checkpoint");
        let note = checkpoint.sign(&signer(7));
        let open = |origin, secrets: [u8; 2]| {
            let keys = secrets.map(|secret| signer(secret).verifier());
            Checkpoint::open_any(&note, origin, &keys)
        };
        assert_eq!(open(ORIGIN, [8, 7]), Ok(checkpoint));
        let other = open("example.com/other", [7, 8]);
        assert_eq!(other, Err(CheckpointError::OtherOrigin));
        let unsigned = open("example.com/other", [8, 7]);
        assert_eq!(unsigned, Err(CheckpointError::Note(NoteError::NotSigned)));
    }

    #[test]
    fn what_is_not_exactly_a_checkpoint_is_not_read() {
        let extended = format!("{TEXT}an extension\n");
        assert_eq!(Checkpoint::parse(&extended), Checkpoint::parse(TEXT));
        for wrong in [
            "",
            "\n",
            "origin\n1\n",
            "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
            "origin\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
            "origin\n1\nQUJD\n",
            "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=",
            "origin\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        ] {
            assert_eq!(
                Checkpoint::parse(wrong),
                Err(CheckpointError::Malformed),
                "{wrong:?}"
            );
        }
    }
}
