//! The receipt of a voucher (`sospeso-receipt/1`): what its donor may know of its life, with
//! proofs that are checked without asking anybody.
//!
//! A receipt is a JSON object. Each event of the life stands in it once, in its order, from the
//! first on, in one of two ways:
//!
//! - `proven`: the bytes of the entry, the exact text of the payload and a `tlog-proof` that the
//!   entry stands in the tree of the checkpoint;
//! - `committed`: only the name of the act, the month and a commitment, `SHA-256(blinding ||
//!   leaf_hash)`. Where and when it happened would tell a donor of the person who used the
//!   voucher, and a leaf's hash or index would tell when to whoever collects checkpoints. The
//!   blinding is known to the ledger alone, who opens the commitment to an auditor: see
//!   [`super::opening`].
//!
//! | member | |
//! |---|---|
//! | `format` | `sospeso-receipt/1` |
//! | `origin` | the log's name, the first line of its checkpoints |
//! | `log_id`, `network`, `voucher_id` | which voucher |
//! | `checkpoint` | the signed checkpoint, with cosignatures of witnesses |
//! | `events` | `{kind: "proven", act, entry, payload, proof}` or `{kind: "committed", act, month, commitment}` |
//!
//! Bytes are base64. The metadata of an event is never shown; its hash stands in the entry.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::checkpoint::{Checkpoint, CheckpointError};
use super::cosignature::cosigned_at;
use super::line;
use super::note::{Note, VerifierKey};
use super::opening::Opening;
use super::proof::verify_inclusion;
use super::tlog_proof::TlogProof;
use super::tree::Hash;
use crate::entry::{self, Entry};

/// The format's name and version.
pub const FORMAT: &str = "sospeso-receipt/1";
/// The most events of one receipt: far more than the life of a voucher has.
pub const MAX_EVENTS: usize = 1000;

/// A receipt, as it is written. Nothing of it is checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VoucherReceipt)]
pub struct Receipt {
    /// `sospeso-receipt/1`.
    pub format: String,
    /// The log's name.
    pub origin: String,
    /// The log's id.
    pub log_id: Uuid,
    /// The network's slug.
    pub network: String,
    /// The voucher.
    pub voucher_id: Uuid,
    /// The signed checkpoint that all proofs lead to.
    pub checkpoint: String,
    /// The events of the voucher's life from the first on, without a gap.
    pub events: Vec<ReceiptEvent>,
}

/// One event of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ReceiptEvent {
    /// Shown, with its proof.
    Proven {
        /// `voucher.act`.
        act: String,
        /// The bytes of its entry, in base64.
        entry: String,
        /// The exact text of its payload.
        payload: String,
        /// A `c2sp.org/tlog-proof@v1` that the entry stands in the log.
        proof: String,
    },
    /// Named only.
    Committed {
        /// `voucher.act`.
        act: String,
        /// The month in the network's time zone, as `2026-11`.
        month: String,
        /// `SHA-256(blinding || leaf_hash)`, in base64.
        commitment: String,
    },
}

/// Whom one believes: the log's key, and witnesses that must all have cosigned.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The log's key.
    pub log: VerifierKey,
    /// The witnesses.
    pub witnesses: Vec<VerifierKey>,
}

/// What a receipt proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The checkpoint that the log signed.
    pub checkpoint: Checkpoint,
    /// The witnesses that were asked for and when each cosigned, in seconds since 1970.
    pub cosigned: Vec<(String, u64)>,
    /// The events in their order.
    pub events: Vec<VerifiedEvent>,
}

/// What is known of one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VerifiedEvent {
    /// It stands in the log exactly so.
    Proven(Proven),
    /// The ledger has committed itself to what it was, and says only this of it.
    Committed {
        /// `voucher.act`, as the ledger says.
        act: String,
        /// The month, as the ledger says.
        month: String,
    },
}

/// An event that stands in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// `voucher.act`.
    pub act: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The position in the log, from 1.
    pub position: u64,
    /// The exact text of its payload.
    pub payload: String,
    /// Whether it was only committed to and an opening showed it.
    pub opened: bool,
}

/// Why a receipt is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not of this format.
    #[error("this is not a receipt of the form {FORMAT}")]
    Malformed,
    /// The checkpoint is not one of the log's.
    #[error("the checkpoint is not to be believed: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// A witness that was asked for did not cosign.
    #[error("the witness {0} did not cosign the checkpoint")]
    NotCosigned(String),
    /// There is none, or the first is not that it was prepaid.
    #[error("the life of a voucher begins when it is prepaid")]
    NoBeginning,
    /// The proof of an event does not hold.
    #[error("event {0}: the proof does not show that it stands in the log")]
    NotInLog(usize),
    /// The entry is not that of this event of this voucher.
    #[error("event {0}: the entry is of something else")]
    OtherEntry(usize),
    /// The payload is not the one that was recorded.
    #[error("event {0}: the payload is not the one that was recorded")]
    OtherPayload(usize),
    /// The opening opens no commitment of the receipt.
    #[error("the opening belongs to no commitment of this receipt")]
    OtherOpening,
}

/// What stands for a hidden event: nobody finds it from the leaf hash without the blinding.
#[must_use]
pub fn commitment(blinding: &Hash, leaf_hash: &Hash) -> Hash {
    let mut hash = Sha256::new();
    hash.update(blinding);
    hash.update(leaf_hash);
    hash.finalize().into()
}

impl Receipt {
    /// Checks the whole receipt against whom one believes.
    ///
    /// # Errors
    /// The first [`Fault`]; then nothing of it is to be believed.
    pub fn verify(&self, trust: &Trust, openings: &[Opening]) -> Result<Verified, Fault> {
        if self.format != FORMAT || self.events.len() > MAX_EVENTS {
            return Err(Fault::Malformed);
        }
        let note = Note::parse(&self.checkpoint).map_err(CheckpointError::from)?;
        let checkpoint = Checkpoint::open(&note, &self.origin, &trust.log)?;
        let cosigned = trust.witnesses.iter().map(|witness| {
            let name = witness.name().to_owned();
            match cosigned_at(&note, witness) {
                Ok(at) => Ok((name, at)),
                Err(_) => Err(Fault::NotCosigned(name)),
            }
        });
        let cosigned = cosigned.collect::<Result<_, _>>()?;
        let numbered = (1..).zip(&self.events);
        let events = numbered.map(|(number, event)| self.event(number, event, &checkpoint));
        let mut events = events.collect::<Result<Vec<_>, _>>()?;
        let prepaid = |event: &VerifiedEvent| matches!(event, VerifiedEvent::Proven(it) if it.act == "voucher.prepaid");
        if !events.first().is_some_and(prepaid) {
            return Err(Fault::NoBeginning);
        }
        for opening in openings {
            let (number, proven) = self.opened(opening, trust)?;
            events[number - 1] = VerifiedEvent::Proven(proven);
        }
        Ok(Verified {
            checkpoint,
            cosigned,
            events,
        })
    }

    /// Checks one event; `number` is its place in the voucher's life, from 1.
    fn event(
        &self,
        number: usize,
        event: &ReceiptEvent,
        checkpoint: &Checkpoint,
    ) -> Result<VerifiedEvent, Fault> {
        match event {
            ReceiptEvent::Proven {
                act,
                entry,
                payload,
                proof,
            } => {
                let proof: TlogProof = proof.parse().map_err(|_| Fault::NotInLog(number))?;
                if proof.checkpoint.to_string() != self.checkpoint {
                    return Err(Fault::NotInLog(number));
                }
                let entry = line::decoded(entry).ok_or(Fault::OtherEntry(number))?;
                let proven = included(number, &entry, &proof, checkpoint)?;
                self.must_be(number, act, &proven)?;
                shown(number, proven, payload, proof.index).map(VerifiedEvent::Proven)
            }
            ReceiptEvent::Committed {
                act,
                month,
                commitment,
            } => {
                line::hash(commitment).ok_or(Fault::Malformed)?;
                Ok(VerifiedEvent::Committed {
                    act: act.clone(),
                    month: month.clone(),
                })
            }
        }
    }

    /// The event that an opening shows, if the receipt committed to it.
    fn opened(&self, opening: &Opening, trust: &Trust) -> Result<(usize, Proven), Fault> {
        let (blinding, entry, proof) = opening.parts().ok_or(Fault::OtherOpening)?;
        let committed = commitment(&blinding, &entry::leaf_hash(&entry));
        let is_it = |event: &ReceiptEvent| {
            matches!(event, ReceiptEvent::Committed { commitment, .. }
                if line::hash(commitment) == Some(committed))
        };
        let place = self.events.iter().position(is_it);
        let number = place.ok_or(Fault::OtherOpening)? + 1;
        let checkpoint = Checkpoint::open(&proof.checkpoint, &self.origin, &trust.log)?;
        let proven = included(number, &entry, &proof, &checkpoint)?;
        if let ReceiptEvent::Committed { act, .. } = &self.events[number - 1] {
            self.must_be(number, act, &proven)?;
        }
        let mut proven = shown(number, proven, &opening.payload, proof.index)?;
        proven.opened = true;
        Ok((number, proven))
    }

    /// Is the entry that of this event of this voucher?
    fn must_be(&self, number: usize, act: &str, entry: &Entry) -> Result<(), Fault> {
        let same = entry.log_id == self.log_id
            && entry.network == self.network
            && entry.aggregate_type == "voucher"
            && entry.aggregate_id == self.voucher_id
            && entry.event_type == act
            && usize::try_from(entry.sequence) == Ok(number);
        same.then_some(()).ok_or(Fault::OtherEntry(number))
    }
}

/// What an entry says, if the proof leads from it to the checkpoint.
fn included(
    number: usize,
    bytes: &[u8],
    proof: &TlogProof,
    checkpoint: &Checkpoint,
) -> Result<Entry, Fault> {
    let (leaf, size, root) = (entry::leaf_hash(bytes), checkpoint.size, &checkpoint.root);
    verify_inclusion(&leaf, proof.index, size, &proof.hashes, root)
        .map_err(|_| Fault::NotInLog(number))?;
    entry::read(bytes).ok_or(Fault::OtherEntry(number))
}

/// The event, if the payload is the one whose hash stands in the entry.
fn shown(number: usize, entry: Entry, payload: &str, index: u64) -> Result<Proven, Fault> {
    let hash: Hash = Sha256::digest(payload.as_bytes()).into();
    if hash != entry.payload_hash {
        return Err(Fault::OtherPayload(number));
    }
    Ok(Proven {
        act: entry.event_type,
        occurred_at: entry.occurred_at,
        recorded_at: entry.recorded_at,
        position: index + 1,
        payload: payload.to_owned(),
        opened: false,
    })
}

#[cfg(test)]
#[path = "receipt_tests.rs"]
mod tests;
