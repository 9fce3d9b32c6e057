//! The leaf hashes of stored events, computed from what is stored and nothing else, and what can be
//! seen to be wrong with an event alone.

use chrono::DateTime;
use domain::entry::{self, Fields};
use domain::envelope::instant;
use domain::evidence::tree::Hash;
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::scan::Stored;

/// Which part of an event is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, strum::Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// The payload.
    Payload,
    /// The metadata.
    Metadata,
    /// Network, stream, sequence, type, version, id or a time.
    Header,
    /// Something of payload, metadata or header: what is stored does not tell which.
    Entry,
    /// The place in the log or in its stream.
    Place,
}

/// Computes leaf hashes; its buffers are used again for every event.
pub struct Leaves {
    log_id: Uuid,
    log_text: String,
    entry: Vec<u8>,
    name: String,
}

impl Leaves {
    /// For the events of this log.
    #[must_use]
    pub fn of(log_id: Uuid) -> Self {
        Self {
            log_id,
            log_text: log_id.to_string(),
            entry: Vec::with_capacity(entry::MAX_ENTRY),
            name: String::with_capacity(64),
        }
    }

    /// The leaf hash of an event.
    pub fn hash(&mut self, event: &Stored<'_>) -> Hash {
        use std::fmt::Write as _;
        self.name.clear();
        let _ = write!(self.name, "{}", event.sequence);
        let mut id = Uuid::encode_buffer();
        Fields {
            texts: [
                &self.log_text,
                event.network,
                event.aggregate_type,
                event.aggregate_id,
                &self.name,
                event.event_type,
                event.event_version,
                event.event_id.hyphenated().encode_lower(&mut id),
                &time(event.occurred_at),
                &time(event.recorded_at),
            ],
            payload: Sha256::digest(event.payload.as_bytes()).into(),
            metadata: Sha256::digest(event.metadata.as_bytes()).into(),
        }
        .write(&mut self.entry);
        entry::leaf_hash(&self.entry)
    }

    /// What is wrong with an event whose leaf hash is not the stored one, as far as it tells
    /// itself: its id follows from its stream and sequence, its payload names its act.
    pub fn part(&mut self, event: &Stored<'_>) -> Part {
        use std::fmt::Write as _;
        self.name.clear();
        let _ = write!(self.name, "{}/{}", event.aggregate_id, event.sequence);
        if Uuid::new_v5(&self.log_id, self.name.as_bytes()) != event.event_id {
            return Part::Header;
        }
        let Some((aggregate, act)) = event.event_type.split_once('.') else {
            return Part::Header;
        };
        if aggregate != event.aggregate_type {
            return Part::Header;
        }
        let tag = format!("{{\"{act}\":");
        if event.payload.starts_with(&tag) {
            Part::Entry
        } else {
            Part::Payload
        }
    }

    /// Whether the event's id is the one that follows from its stream and sequence.
    pub fn id_follows(&mut self, event: &Stored<'_>) -> bool {
        use std::fmt::Write as _;
        self.name.clear();
        let _ = write!(self.name, "{}/{}", event.aggregate_id, event.sequence);
        Uuid::new_v5(&self.log_id, self.name.as_bytes()) == event.event_id
    }
}

fn time(micros: i64) -> String {
    DateTime::from_timestamp_micros(micros).map_or_else(|| micros.to_string(), instant)
}
