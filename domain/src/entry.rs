//! The entry: the bytes of an event that are hashed. Fixed for ever as `sospeso/1`.
//!
//! An entry is these thirteen fields in this order, each as its length in bytes (two bytes,
//! big-endian) and then its bytes; an entry is at most 2 KiB:
//!
//! | field | bytes |
//! |---|---|
//! | format | `sospeso/1` |
//! | `log_id`, network, `aggregate_type`, `aggregate_id` | UTF-8; UUIDs hyphenated in lower case |
//! | sequence | decimal |
//! | `event_type`, `event_version`, `event_id` | UTF-8 |
//! | `occurred_at`, `recorded_at` | UTC, `2026-11-20T08:15:00.000000Z`, always six decimals |
//! | payload, metadata | SHA-256 of the stored text, 32 bytes |
//!
//! `leaf_hash = SHA-256(0x00 || entry)`, the leaf hash of RFC 6962.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::envelope::{Record, instant};

/// The longest entry in bytes.
pub const MAX_ENTRY: usize = 2048;

/// The fields of an entry, for whoever has them as texts.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a> {
    /// All but the last two, from the log's id on, in their order.
    pub texts: [&'a str; 10],
    /// SHA-256 of the payload's text.
    pub payload: [u8; 32],
    /// SHA-256 of the metadata's text.
    pub metadata: [u8; 32],
}

impl Fields<'_> {
    /// Puts the entry in place of what is in the buffer.
    pub fn write(&self, entry: &mut Vec<u8>) {
        entry.clear();
        push(entry, b"sospeso/1");
        for text in self.texts {
            push(entry, text.as_bytes());
        }
        push(entry, &self.payload);
        push(entry, &self.metadata);
    }
}

/// The entry of an event.
#[must_use]
pub fn bytes(log_id: Uuid, record: &Record) -> Vec<u8> {
    let mut entry = Vec::with_capacity(512);
    Fields {
        texts: [
            &log_id.to_string(),
            &record.network,
            &record.aggregate_type,
            &record.aggregate_id.to_string(),
            &record.sequence.to_string(),
            &record.event_type,
            &record.event_version,
            &record.event_id.to_string(),
            &instant(record.occurred_at),
            &instant(record.recorded_at),
        ],
        payload: Sha256::digest(record.payload.as_bytes()).into(),
        metadata: Sha256::digest(record.metadata.as_bytes()).into(),
    }
    .write(&mut entry);
    debug_assert!(
        entry.len() <= MAX_ENTRY,
        "every field that goes in is bounded"
    );
    entry
}

/// The leaf hash of an entry, RFC 6962 section 2.1.
#[must_use]
pub fn leaf_hash(entry: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(entry);
    hash.finalize().into()
}

/// What an entry says, for whoever has its bytes and not the event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The log's id.
    pub log_id: Uuid,
    /// The network's slug.
    pub network: String,
    /// The aggregate's type.
    pub aggregate_type: String,
    /// The aggregate's id.
    pub aggregate_id: Uuid,
    /// The number in its stream, from 1.
    pub sequence: i64,
    /// `aggregate.act`.
    pub event_type: String,
    /// The event's id.
    pub event_id: Uuid,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// SHA-256 of the payload's text.
    pub payload_hash: [u8; 32],
    /// SHA-256 of the metadata's text.
    pub metadata_hash: [u8; 32],
}

/// Reads the bytes of an entry; `None` if they are not exactly one.
#[must_use]
pub fn read(bytes: &[u8]) -> Option<Entry> {
    let mut rest = bytes;
    let mut field = || {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let (field, behind) = behind.split_at_checked(u16::from_be_bytes(*length).into())?;
        rest = behind;
        Some(field)
    };
    let mut text = || std::str::from_utf8(field()?).ok();
    let is_ours = text()? == "sospeso/1";
    let log_id = text()?.parse().ok()?;
    let [network, aggregate_type] = [text()?.to_owned(), text()?.to_owned()];
    let aggregate_id = text()?.parse().ok()?;
    let sequence = text()?.parse().ok()?;
    let event_type = text()?.to_owned();
    let _version = text()?;
    let event_id = text()?.parse().ok()?;
    let [occurred_at, recorded_at] = [text()?.parse().ok()?, text()?.parse().ok()?];
    let payload_hash = field()?.try_into().ok()?;
    let metadata_hash = field()?.try_into().ok()?;
    let whole = rest.is_empty() && bytes.len() <= MAX_ENTRY;
    (is_ours && whole).then_some(Entry {
        log_id,
        network,
        aggregate_type,
        aggregate_id,
        sequence,
        event_type,
        event_id,
        occurred_at,
        recorded_at,
        payload_hash,
        metadata_hash,
    })
}

fn push(entry: &mut Vec<u8>, field: &[u8]) {
    let length = u16::try_from(field.len()).unwrap_or(u16::MAX);
    entry.extend_from_slice(&length.to_be_bytes());
    entry.extend_from_slice(field);
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn record() -> Record {
        Record {
            network: "praha".into(),
            aggregate_type: "voucher".into(),
            aggregate_id: Uuid::from_u128(1),
            sequence: 2,
            event_type: "voucher.redeemed".into(),
            event_version: "1".into(),
            payload: r#"{"redeemed":{}}"#.into(),
            metadata: "{}".into(),
            event_id: Uuid::from_u128(2),
            occurred_at: DateTime::from_timestamp_micros(1_763_626_500_000_001).expect("valid"),
            recorded_at: DateTime::from_timestamp_micros(1_763_626_500_000_000).expect("valid"),
        }
    }

    /// The test vector that any other implementation must reach.
    #[test]
    fn the_bytes_are_those_of_the_specification() {
        let mut expected = Vec::new();
        for text in [
            "sospeso/1",
            "00000000-0000-0000-0000-000000000003",
            "praha",
            "voucher",
            "00000000-0000-0000-0000-000000000001",
            "2",
            "voucher.redeemed",
            "1",
            "00000000-0000-0000-0000-000000000002",
            "2025-11-20T08:15:00.000001Z",
            "2025-11-20T08:15:00.000000Z",
        ] {
            expected.push(0);
            expected.push(u8::try_from(text.len()).expect("short"));
            expected.extend_from_slice(text.as_bytes());
        }
        for hash in [
            "d71e5d23655bf0e91c051b3737c888610f735cf2ef7a59cfffa88cd41d34e0a8",
            "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        ] {
            expected.extend_from_slice(&[0, 32]);
            expected.extend_from_slice(&hex::decode(hash).expect("hex"));
        }
        let entry = bytes(Uuid::from_u128(3), &record());
        assert_eq!(hex::encode(&entry), hex::encode(&expected));
    }

    #[test]
    fn a_change_anywhere_changes_the_hash() {
        let leaf = |of: &Record| of.leaf_hash(Uuid::from_u128(3));
        let original = leaf(&record());
        let changes: [fn(&mut Record); 6] = [
            |r| r.payload.push(' '),
            |r| r.metadata.push(' '),
            |r| r.sequence += 1,
            |r| r.network = "lodz".into(),
            |r| r.event_version = "2".into(),
            |r| r.occurred_at += chrono::TimeDelta::microseconds(1),
        ];
        for change in changes {
            let mut tampered = record();
            change(&mut tampered);
            assert_ne!(leaf(&tampered), original);
        }
    }

    #[test]
    fn what_was_written_is_read_and_nothing_else() {
        let (log_id, record) = (Uuid::from_u128(3), record());
        let entry = bytes(log_id, &record);
        let said = read(&entry).expect("an entry");
        assert_eq!(
            (said.log_id, said.aggregate_id, said.sequence),
            (log_id, record.aggregate_id, record.sequence)
        );
        assert_eq!(said.event_type, record.event_type);
        assert_eq!(said.occurred_at, record.occurred_at);
        let payload_hash: [u8; 32] = Sha256::digest(record.payload.as_bytes()).into();
        assert_eq!(said.payload_hash, payload_hash);
        for wrong in [&entry[1..], &entry[..entry.len() - 1], &[], &[255, 255]] {
            assert_eq!(read(wrong), None);
        }
        assert_eq!(read(&[&entry[..], &[0]].concat()), None);
    }

    #[test]
    fn the_largest_fields_stay_within_the_bound() {
        let mut largest = record();
        largest.network = "n".repeat(32);
        largest.aggregate_type = "help_request".into();
        largest.event_type = "x".repeat(128);
        assert!(bytes(Uuid::from_u128(3), &largest).len() <= MAX_ENTRY);
    }
}
