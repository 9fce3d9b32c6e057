//! The proof of one event (`sospeso-proof/1`): its exact texts, the bytes of its entry and the
//! `tlog-proof` that the entry stands in the log, in one file that is checked without asking
//! anybody. It shows what it proves, so it is for whoever may read the log.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::line;
use super::tlog_proof::TlogProof;
use super::tree::Hash;
use crate::entry;

/// The format's name and version.
pub const FORMAT: &str = "sospeso-proof/1";

/// An event and its proof. Nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EventProof {
    /// `sospeso-proof/1`.
    pub format: String,
    /// The bytes of the event's entry, in base64.
    pub entry: String,
    /// The exact text of its payload.
    pub payload: String,
    /// The exact text of its metadata.
    pub metadata: String,
    /// A `c2sp.org/tlog-proof@v1` that the entry stands in the log.
    pub proof: String,
}

/// Why the parts of a proof do not belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not of this format.
    #[error("this is not a proof of the form {FORMAT}")]
    Malformed,
    /// The payload is not the one whose hash stands in the entry.
    #[error("the payload is not the one that was recorded")]
    OtherPayload,
    /// The metadata are not those whose hash stands in the entry.
    #[error("the metadata are not those that were recorded")]
    OtherMetadata,
}

impl EventProof {
    /// The bytes of the entry and the proof that they stand in a log, which is still to be checked.
    ///
    /// # Errors
    /// If the texts are not those of the entry.
    pub fn parts(&self) -> Result<(Vec<u8>, TlogProof), Fault> {
        if self.format != FORMAT {
            return Err(Fault::Malformed);
        }
        let bytes = line::decoded(&self.entry).ok_or(Fault::Malformed)?;
        let entry = entry::read(&bytes).ok_or(Fault::Malformed)?;
        let hash = |text: &str| -> Hash { Sha256::digest(text.as_bytes()).into() };
        if hash(&self.payload) != entry.payload_hash {
            return Err(Fault::OtherPayload);
        }
        if hash(&self.metadata) != entry.metadata_hash {
            return Err(Fault::OtherMetadata);
        }
        let proof = self.proof.parse().map_err(|_| Fault::Malformed)?;
        Ok((bytes, proof))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::envelope::Record;

    fn proof() -> EventProof {
        let at = DateTime::from_timestamp_micros(1_763_626_500_000_000).expect("valid");
        let record = Record {
            network: "praha".into(),
            aggregate_type: "voucher".into(),
            aggregate_id: Uuid::from_u128(1),
            sequence: 2,
            event_type: "voucher.redeemed".into(),
            event_version: "1".into(),
            payload: r#"{"redeemed":{}}"#.into(),
            metadata: r#"{"actor":"somebody"}"#.into(),
            event_id: Uuid::from_u128(2),
            occurred_at: at,
            recorded_at: at,
        };
        let checkpoint = "example.com/log\n1\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\u{2014} example.com/log Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";
        EventProof {
            format: FORMAT.to_owned(),
            entry: line::encoded(&entry::bytes(Uuid::from_u128(3), &record)),
            payload: record.payload,
            metadata: record.metadata,
            proof: format!("c2sp.org/tlog-proof@v1\nindex 0\n\n{checkpoint}"),
        }
    }

    #[test]
    fn its_parts_belong_together() {
        let (entry, tlog) = proof().parts().expect("it is whole");
        assert_eq!((line::encoded(&entry), tlog.index), (proof().entry, 0));
    }

    #[test]
    fn a_text_that_was_changed_is_named() {
        type Change = fn(&mut EventProof);
        let table: [(Change, Fault); 5] = [
            (|it| it.format = "sospeso-proof/2".into(), Fault::Malformed),
            (|it| it.entry.truncate(8), Fault::Malformed),
            (|it| it.payload.push(' '), Fault::OtherPayload),
            (|it| it.metadata.push(' '), Fault::OtherMetadata),
            (|it| it.proof.clear(), Fault::Malformed),
        ];
        for (change, fault) in table {
            let mut proof = proof();
            change(&mut proof);
            assert_eq!(proof.parts(), Err(fault));
        }
    }
}
