//! The proof of C2SP (`c2sp.org/tlog-proof@v1`): that an entry is in a log, in one text that is
//! checked offline: the entry's index, the inclusion proof and the signed checkpoint.

use std::fmt;
use std::str::FromStr;

use super::line;
use super::note::{MAX_NOTE, Note};
use super::tree::Hash;

/// The first line.
const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// The most hashes of an inclusion proof: a tree of 2^63 leaves has no longer way.
const MAX_HASHES: usize = 63;

/// An inclusion proof with the checkpoint that it leads to. Nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Data that no signature covers, with a meaning of the application's.
    pub extra: Option<Vec<u8>>,
    /// The entry's index, from 0.
    pub index: u64,
    /// The hashes from the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The checkpoint with its signatures, as the log and the witnesses gave it.
    pub checkpoint: Note,
}

/// The text is not a proof of this format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a proof of the form c2sp.org/tlog-proof@v1")]
pub struct NotAProof;

impl fmt::Display for TlogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", line::encoded(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.hashes {
            writeln!(f, "{}", line::of_hash(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for TlogProof {
    type Err = NotAProof;

    fn from_str(text: &str) -> Result<Self, NotAProof> {
        if text.len() > 2 * MAX_NOTE {
            return Err(NotAProof);
        }
        let (head, checkpoint) = text.split_once("\n\n").ok_or(NotAProof)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(NotAProof);
        }
        let extra = lines.next_if(|line| line.starts_with("extra "));
        let extra = extra
            .map(|line| line::decoded(&line["extra ".len()..]).ok_or(NotAProof))
            .transpose()?;
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let hashes: Vec<Hash> = lines
            .map(|line| line::hash(line).ok_or(NotAProof))
            .collect::<Result<_, _>>()?;
        if hashes.len() > MAX_HASHES {
            return Err(NotAProof);
        }
        Ok(Self {
            extra,
            index: index.and_then(line::number).ok_or(NotAProof)?,
            hashes,
            checkpoint: Note::parse(checkpoint).map_err(|_| NotAProof)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKPOINT: &str = "example.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\u{2014} example.com/fancylog Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
    const HASHES: &str = "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\nB95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n";

    #[test]
    fn the_form_of_the_specification_is_read_and_written_back() {
        for (extra, hashes, count) in [
            ("extra ZXh0cmEgaW5mb3JtYXRpb24=\n", HASHES, 2),
            ("extra \n", "", 0),
            ("", HASHES, 2),
            ("", "", 0),
        ] {
            let text = format!("{HEADER}\n{extra}index 73894\n{hashes}\n{CHECKPOINT}");
            let proof: TlogProof = text.parse().expect("a proof");
            assert_eq!(proof.index, 73_894);
            assert_eq!(proof.hashes.len(), count);
            assert_eq!(proof.extra.is_some(), !extra.is_empty());
            assert_eq!(proof.checkpoint.to_string(), CHECKPOINT);
            assert_eq!(proof.to_string(), text);
        }
    }

    #[test]
    fn a_proof_is_as_long_as_it_may_be_and_no_longer() {
        let hash = HASHES.lines().next().expect("a line");
        let deep = |hashes| {
            let hashes = format!("{hash}\n").repeat(hashes);
            format!("{HEADER}\nindex 1\n{hashes}\n{CHECKPOINT}").parse::<TlogProof>()
        };
        assert!(deep(MAX_HASHES).is_ok());
        assert_eq!(deep(MAX_HASHES + 1), Err(NotAProof));
        let long = |extra: usize, index: u64| {
            format!(
                "{HEADER}\nextra {}\nindex {index}\n\n{CHECKPOINT}",
                "A".repeat(extra)
            )
        };
        // Base64 comes in fours; the digits of the index fill up.
        let (left, digits) = {
            let left = 2 * MAX_NOTE - long(0, 1).len();
            (left / 4 * 4, u32::try_from(left % 4).expect("small"))
        };
        let whole = long(left, 10_u64.pow(digits));
        assert_eq!(whole.len(), 2 * MAX_NOTE);
        assert!(whole.parse::<TlogProof>().is_ok());
        let longer = long(left, 10_u64.pow(digits + 1));
        assert_eq!(longer.parse::<TlogProof>(), Err(NotAProof));
    }

    #[test]
    fn what_is_not_exactly_a_proof_is_not_read() {
        let many = HASHES.repeat(32);
        for wrong in [
            String::new(),
            CHECKPOINT.to_owned(),
            format!("c2sp.org/tlog-proof@v2\nindex 1\n\n{CHECKPOINT}"),
            format!("{HEADER}\n\n{CHECKPOINT}"),
            format!("{HEADER}\nindex 01\n\n{CHECKPOINT}"),
            format!("{HEADER}\nindex 1\nextra QUJD\n\n{CHECKPOINT}"),
            format!("{HEADER}\nextra !\nindex 1\n\n{CHECKPOINT}"),
            format!("{HEADER}\nindex 1\nQUJD\n\n{CHECKPOINT}"),
            format!("{HEADER}\nindex 1\n{many}\n{CHECKPOINT}"),
            format!("{HEADER}\nindex 1\n{HASHES}{CHECKPOINT}"),
            format!("{HEADER}\nindex 1\n\n"),
        ] {
            assert_eq!(wrong.parse::<TlogProof>(), Err(NotAProof), "{wrong:?}");
        }
    }
}
