//! Receipts, openings and proofs of single events, out of the log and the sealed tree: what they are
//! is specified in [`domain::evidence::receipt`], [`domain::evidence::opening`] and
//! [`domain::evidence::event_proof`].

use domain::entry;
use domain::envelope::Recorded;
use domain::evidence::checkpoint::Checkpoint;
use domain::evidence::event_proof::{self, EventProof};
use domain::evidence::line;
use domain::evidence::note::Note;
use domain::evidence::opening::{self, Opening};
use domain::evidence::proof::verify_inclusion;
use domain::evidence::receipt::{self, Receipt, ReceiptEvent, commitment};
use domain::evidence::tlog_proof::TlogProof;
use domain::ids::VoucherId;
use domain::text::Slug;

use super::ports::{Seals, SignedCheckpoint};
use super::proofs;
use crate::codes::CodeKeys;
use crate::log::{EventLog, LogError};

/// What a receipt may say of an event of a voucher's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The place in the log.
    pub position: i64,
    /// Whether it may be shown whole.
    pub shown: bool,
    /// The month in the network's time zone, as `2026-11`.
    pub month: String,
}

/// Why there is no receipt.
#[derive(Debug, thiserror::Error)]
pub enum NoReceipt {
    /// The last checkpoint does not cover an event of it yet.
    #[error("the last checkpoint does not reach this act yet")]
    NotSealed,
    /// The log or the tree is away, or one is not what the other says.
    #[error(transparent)]
    Log(#[from] LogError),
}

/// What receipts are made from.
pub struct Receipts<'a> {
    log: &'a dyn EventLog,
    seals: &'a dyn Seals,
    codes: &'a CodeKeys,
    note: Note,
    checkpoint: Checkpoint,
}

/// An event with its entry, and the proof that it is in the tree.
struct Found {
    event: Recorded,
    entry: Vec<u8>,
    leaf: [u8; 32],
    proof: TlogProof,
}

impl<'a> Receipts<'a> {
    /// Receipts that lead to this checkpoint. It must be one of now and not one that fits the
    /// event: the size of a checkpoint that was signed just after it would tell when it happened.
    ///
    /// # Errors
    /// If it is none.
    pub fn at(
        log: &'a dyn EventLog,
        seals: &'a dyn Seals,
        codes: &'a CodeKeys,
        last: &SignedCheckpoint,
    ) -> Result<Self, NoReceipt> {
        let note = Note::parse(&last.text()).map_err(|error| broken(&error))?;
        let checkpoint = Checkpoint::parse(&note.text).map_err(|error| broken(&error))?;
        Ok(Self {
            log,
            seals,
            codes,
            note,
            checkpoint,
        })
    }

    /// The receipt of a voucher's life.
    ///
    /// # Errors
    /// [`NoReceipt`].
    pub async fn receipt(
        &self,
        network: &Slug,
        voucher_id: VoucherId,
        life: &[Told],
    ) -> Result<Receipt, NoReceipt> {
        let mut events = Vec::new();
        for told in life.iter().take(receipt::MAX_EVENTS) {
            events.push(self.event(told).await?);
        }
        Ok(Receipt {
            format: receipt::FORMAT.to_owned(),
            origin: self.checkpoint.origin.clone(),
            log_id: self.log.log_id(),
            network: network.to_string(),
            voucher_id: voucher_id.0,
            checkpoint: self.note.to_string(),
            events,
        })
    }

    /// What opens the commitment to the event at a position, for an auditor of its network.
    ///
    /// # Errors
    /// [`NoReceipt`].
    pub async fn opening(&self, position: i64) -> Result<Opening, NoReceipt> {
        let found = self.find(position).await?;
        let blinding = self.codes.blinding(found.event.record.event_id);
        Ok(Opening {
            format: opening::FORMAT.to_owned(),
            blinding: line::of_hash(&blinding),
            entry: line::encoded(&found.entry),
            payload: found.event.record.payload,
            proof: found.proof.to_string(),
        })
    }

    /// The proof of the event at a position, for whoever may read the log of its network.
    ///
    /// # Errors
    /// [`NoReceipt`].
    pub async fn proof(&self, position: i64) -> Result<EventProof, NoReceipt> {
        let found = self.find(position).await?;
        Ok(EventProof {
            format: event_proof::FORMAT.to_owned(),
            entry: line::encoded(&found.entry),
            payload: found.event.record.payload,
            metadata: found.event.record.metadata,
            proof: found.proof.to_string(),
        })
    }

    async fn event(&self, told: &Told) -> Result<ReceiptEvent, NoReceipt> {
        let found = self.find(told.position).await?;
        let record = found.event.record;
        if told.shown {
            return Ok(ReceiptEvent::Proven {
                act: record.event_type,
                entry: line::encoded(&found.entry),
                payload: record.payload,
                proof: found.proof.to_string(),
            });
        }
        let blinding = self.codes.blinding(record.event_id);
        Ok(ReceiptEvent::Committed {
            act: record.event_type,
            month: told.month.clone(),
            commitment: line::of_hash(&commitment(&blinding, &found.leaf)),
        })
    }

    /// The event at a position with its proof, which is checked before anything is given away: one
    /// that does not hold means that the database was changed.
    async fn find(&self, position: i64) -> Result<Found, NoReceipt> {
        let (size, root) = (self.checkpoint.size, &self.checkpoint.root);
        let index = u64::try_from(position - 1).map_err(|error| broken(&error))?;
        if index >= size {
            return Err(NoReceipt::NotSealed);
        }
        let event = self.log.read(position - 1, 1).await?.pop();
        let event = event.filter(|event| event.position == position);
        let event = event.ok_or_else(|| broken(&format_args!("no event at {position}")))?;
        let entry = entry::bytes(self.log.log_id(), &event.record);
        let leaf = entry::leaf_hash(&entry);
        let hashes = proofs::inclusion(self.seals, index, size).await?;
        verify_inclusion(&leaf, index, size, &hashes, root)
            .map_err(|_| broken(&format_args!("event {position} is not the sealed one")))?;
        let proof = TlogProof {
            extra: None,
            index,
            hashes,
            checkpoint: self.note.clone(),
        };
        Ok(Found {
            event,
            entry,
            leaf,
            proof,
        })
    }
}

fn broken(error: &dyn std::fmt::Display) -> LogError {
    LogError::Broken(error.to_string())
}
