//! What a log asks of a witness (`c2sp.org/tlog-witness`, `add-checkpoint`), and how a witness
//! decides: it cosigns only a tree that goes on from the last one that it cosigned.

use std::fmt;
use std::str::FromStr;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::line;
use super::note::{MAX_NOTE, Note, VerifierKey};
use super::proof::verify_consistency;
use super::tree::{Hash, empty_root};

/// The longest request in bytes: a note, and as many hashes as there may be.
pub const MAX_REQUEST: usize = MAX_NOTE + 4 * 1024;
/// The most hashes of a consistency proof that a client may send.
const MAX_HASHES: usize = 63;

/// A checkpoint with the proof that it goes on from an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the tree that the witness cosigned last, as the log believes; 0 = none.
    pub old: u64,
    /// The consistency proof from that size.
    pub proof: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: Note,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not of the form of such a request, or from a larger tree to a smaller one.
    #[error("this is not a request to add a checkpoint")]
    Malformed,
    /// The checkpoint is of a log that this witness does not follow.
    #[error("this witness does not follow that log")]
    UnknownLog,
    /// The log's key did not sign the checkpoint.
    #[error("the checkpoint is not signed by the log's key")]
    NotSigned,
    /// The proof does not begin at the tree that was cosigned last.
    #[error("the last tree that was cosigned has {size} leaves")]
    OtherSize {
        /// How many leaves that tree has.
        size: u64,
    },
    /// A tree of the size that was cosigned last, with another root: the log has told two stories.
    #[error("another tree of {size} leaves was cosigned before")]
    OtherRoot {
        /// How many leaves both have.
        size: u64,
    },
    /// The proof does not show that the tree goes on from the one that was cosigned last.
    #[error("the tree does not go on from the one that was cosigned last")]
    Inconsistent,
}

impl AddCheckpoint {
    /// The checkpoint, if a witness of this log that cosigned `last` may cosign it.
    ///
    /// # Errors
    /// Everything of [`Refused`] in the order of the specification.
    pub fn accept(
        &self,
        origin: &str,
        log: &VerifierKey,
        last: Option<&Checkpoint>,
    ) -> Result<Checkpoint, Refused> {
        let claimed = Checkpoint::parse(&self.checkpoint.text).map_err(|_| Refused::Malformed)?;
        if claimed.origin != origin {
            return Err(Refused::UnknownLog);
        }
        let opened = Checkpoint::open(&self.checkpoint, origin, log);
        let checkpoint = opened.map_err(|error| match error {
            CheckpointError::Note(_) => Refused::NotSigned,
            CheckpointError::Malformed | CheckpointError::OtherOrigin => Refused::Malformed,
        })?;
        if self.old > checkpoint.size {
            return Err(Refused::Malformed);
        }
        let (size, root) = last.map_or((0, empty_root()), |last| (last.size, last.root));
        if self.old != size {
            return Err(Refused::OtherSize { size });
        }
        if checkpoint.size == size && checkpoint.root != root {
            return Err(Refused::OtherRoot { size });
        }
        verify_consistency(size, &root, checkpoint.size, &checkpoint.root, &self.proof)
            .map_err(|_| Refused::Inconsistent)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", line::of_hash(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for AddCheckpoint {
    type Err = Refused;

    fn from_str(text: &str) -> Result<Self, Refused> {
        if text.len() > MAX_REQUEST {
            return Err(Refused::Malformed);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(Refused::Malformed)?;
        let mut lines = head.split('\n');
        let old = lines.next().and_then(|line| line.strip_prefix("old "));
        let proof: Vec<Hash> = lines
            .map(|line| line::hash(line).ok_or(Refused::Malformed))
            .collect::<Result<_, _>>()?;
        if proof.len() > MAX_HASHES {
            return Err(Refused::Malformed);
        }
        Ok(Self {
            old: old.and_then(line::number).ok_or(Refused::Malformed)?,
            proof,
            checkpoint: Note::parse(checkpoint).map_err(|_| Refused::Malformed)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::evidence::note::{Purpose, Signer};
    use crate::evidence::proof::consistency_proof;
    use crate::evidence::tree::tests::{naive, some_leaves, subtrees};

    const ORIGIN: &str = "ledger.example/log";

    fn log() -> Signer {
        Signer::new(ORIGIN, Purpose::Note, &[1; 32]).expect("a name")
    }

    fn checkpoint(leaves: &[Hash]) -> Checkpoint {
        Checkpoint {
            origin: ORIGIN.to_owned(),
            size: u64::try_from(leaves.len()).expect("small"),
            root: naive(leaves),
        }
    }

    fn from(old: u64, leaves: &[Hash]) -> AddCheckpoint {
        let nodes = subtrees(leaves);
        let read = |node| Ok::<_, Infallible>(nodes[&node]);
        let checkpoint = checkpoint(leaves);
        let proof = consistency_proof(old, checkpoint.size.max(old), read);
        AddCheckpoint {
            old,
            proof: proof.expect("infallible"),
            checkpoint: checkpoint.sign(&log()),
        }
    }

    fn decided(request: &AddCheckpoint, last: Option<&[Hash]>) -> Result<Checkpoint, Refused> {
        let last = last.map(checkpoint);
        request.accept(ORIGIN, &log().verifier(), last.as_ref())
    }

    #[test]
    fn a_request_is_as_long_as_it_may_be_and_no_longer() {
        let read = |text: String| text.parse::<AddCheckpoint>();
        let note = checkpoint(&some_leaves(5)).sign(&log());
        let padded = |length: usize| {
            let extended = format!("{}{}\n", note.text, "x".repeat(length));
            Note::sign(extended, &log()).to_string()
        };
        let hash = format!("{}\n", line::of_hash(&[7; 32]));
        let request = |hashes: usize, note: &str| format!("old 5\n{}\n{note}", hash.repeat(hashes));
        assert!(read(request(MAX_HASHES, &note.to_string())).is_ok());
        let deeper = read(request(MAX_HASHES + 1, &note.to_string()));
        assert_eq!(deeper, Err(Refused::Malformed));
        // The longest note, and before it as much as there is room for.
        let note = padded(MAX_NOTE - padded(0).len());
        assert_eq!(note.len(), MAX_NOTE);
        assert!(read(request(MAX_HASHES, &note)).is_ok());
    }

    #[test]
    fn a_tree_that_goes_on_is_cosigned() {
        let leaves = some_leaves(9);
        let first = from(0, &leaves[..5]);
        assert_eq!(decided(&first, None), Ok(checkpoint(&leaves[..5])));
        let next = from(5, &leaves);
        assert_eq!(decided(&next, Some(&leaves[..5])), Ok(checkpoint(&leaves)));
        let again = from(9, &leaves);
        assert_eq!(decided(&again, Some(&leaves)), Ok(checkpoint(&leaves)));
    }

    #[test]
    fn every_refusal_has_its_reason() {
        let leaves = some_leaves(9);
        let mut other = leaves.clone();
        other[2] = [7; 32];
        let known = Some(&leaves[..5]);
        let stranger = AddCheckpoint {
            checkpoint: checkpoint(&leaves)
                .sign(&Signer::new(ORIGIN, Purpose::Note, &[2; 32]).expect("a name")),
            ..from(5, &leaves)
        };
        let mut elsewhere = from(5, &leaves);
        elsewhere.checkpoint.text = elsewhere.checkpoint.text.replace(ORIGIN, "other.example");
        for (request, refused) in [
            (elsewhere, Refused::UnknownLog),
            (stranger, Refused::NotSigned),
            (from(0, &leaves), Refused::OtherSize { size: 5 }),
            (from(5, &other[..5]), Refused::OtherRoot { size: 5 }),
            (from(5, &other), Refused::Inconsistent),
            (
                AddCheckpoint {
                    old: 10,
                    ..from(5, &leaves)
                },
                Refused::Malformed,
            ),
            (
                AddCheckpoint {
                    proof: vec![],
                    ..from(5, &leaves)
                },
                Refused::Inconsistent,
            ),
        ] {
            assert_eq!(decided(&request, known), Err(refused), "{request}");
        }
        let shorter = from(3, &leaves[..3]);
        assert_eq!(
            decided(&shorter, known),
            Err(Refused::OtherSize { size: 5 })
        );
    }

    #[test]
    fn the_example_of_the_specification_is_read_and_written_back() {
        let text = "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\njrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\u{2014} example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
        let request: AddCheckpoint = text.parse().expect("a request");
        assert_eq!((request.old, request.proof.len()), (20_852_014, 4));
        assert_eq!(request.to_string(), text);
    }

    #[test]
    fn what_is_not_exactly_a_request_is_not_read() {
        let right = from(0, &some_leaves(2)).to_string();
        for wrong in [
            String::new(),
            right.replace("old 0", "old 00"),
            right.replace("old 0", "new 0"),
            right.replace("old 0\n", "old 0\nQUJD\n"),
            right.replace(
                "old 0\n",
                &format!("old 0\n{}", (line::of_hash(&[1; 32]) + "\n").repeat(64)),
            ),
            right.replacen("\n\n", "\n", 1),
        ] {
            assert_eq!(
                wrong.parse::<AddCheckpoint>(),
                Err(Refused::Malformed),
                "{wrong}"
            );
        }
    }
}
