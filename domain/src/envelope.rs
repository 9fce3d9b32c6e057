//! What stands around every act: who, for whom, through which channel, when, where in the log.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::entry;

/// The largest payload of one event in bytes; refused at the edge and by the database.
pub const MAX_PAYLOAD: usize = 256 * 1024;
/// The largest metadata of one event in bytes.
pub const MAX_METADATA: usize = 4 * 1024;

/// In which role somebody acted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::Display,
    strum::EnumString,
    strum::VariantArray,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Runs a network.
    Operator,
    /// Looks after districts or a project.
    Coordinator,
    /// Staff of one venue, on its shared device.
    Venue,
    /// A worker of one organisation.
    Organisation,
    /// A neighbour or volunteer.
    Member,
    /// Holds a donor's private link.
    Donor,
    /// Holds the private link of the person that it is about.
    Subject,
    /// Reads the whole log of a network and changes nothing.
    Auditor,
    /// Reads the read models and never personal data.
    Analyst,
    /// A reaction of the software itself.
    System,
}

/// Through which channel an act came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A program that uses the API.
    Api,
    /// A venue's counter page.
    Counter,
    /// Any other page.
    Page,
    /// The command line.
    Cli,
    /// An import of records from before.
    Import,
    /// A device that was offline when it happened.
    Offline,
    /// What had to follow from another act.
    Reaction,
}

/// The metadata of one event: a flat object of strings with sorted keys, as every program that
/// reads cqrs-es metadata expects. The fields stand in alphabetical order for that reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// On whose behalf, e.g. the subject who telephoned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acting_for: Option<String>,
    /// The id of the access (or subject) that acted; never a name.
    pub actor: String,
    /// The event that caused this one, as its event id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<String>,
    /// Through which channel.
    pub channel: Channel,
    /// The command; all events of one command share it.
    pub command_id: String,
    /// The event that this one corrects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<String>,
    /// What belongs together across commands.
    pub correlation: String,
    /// The device, where it has an id of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The device's own running number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_seq: Option<String>,
    /// In which role.
    pub role: Role,
}

/// An event as it is written: all that is hashed, and the exact texts of payload and metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The network's slug.
    pub network: String,
    /// The aggregate's type.
    pub aggregate_type: String,
    /// The aggregate's id; unique in the whole log.
    pub aggregate_id: Uuid,
    /// The number in its stream, from 1.
    pub sequence: i64,
    /// `aggregate.act`.
    pub event_type: String,
    /// A decimal number, from `1`.
    pub event_version: String,
    /// JSON with its own tag, exactly as stored.
    pub payload: String,
    /// A flat JSON object of strings, exactly as stored.
    pub metadata: String,
    /// UUID version 5 of the log's id and the stream and sequence.
    pub event_id: Uuid,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded, in microseconds.
    pub recorded_at: DateTime<Utc>,
}

/// An event in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The place in the whole log, from 1, without gaps.
    pub position: i64,
    /// What was written.
    pub record: Record,
    /// SHA-256 of the entry, see [`entry`].
    pub leaf_hash: [u8; 32],
}

impl Record {
    /// The event's id: it does not depend on the position, so it is known before the append.
    #[must_use]
    pub fn event_id(log_id: Uuid, aggregate_id: Uuid, sequence: i64) -> Uuid {
        Uuid::new_v5(&log_id, format!("{aggregate_id}/{sequence}").as_bytes())
    }

    /// The hash that stands for this event in checkpoints and in the tree.
    #[must_use]
    pub fn leaf_hash(&self, log_id: Uuid) -> [u8; 32] {
        entry::leaf_hash(&entry::bytes(log_id, self))
    }
}

/// An instant in the one text form that entries and messages use.
#[must_use]
pub fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file holds every field, so it also says how each is called for ever.
    const GOLDEN: &str = include_str!("../golden/metadata.json");

    fn id(number: u128) -> String {
        Uuid::from_u128(number).to_string()
    }

    fn metadata() -> Metadata {
        Metadata {
            acting_for: Some(id(0x4000_8000_0000_0000_0007)),
            actor: id(0x4000_8000_0000_0000_0001),
            causation: Some(id(0x5000_8000_0000_0000_0002)),
            channel: Channel::Page,
            command_id: id(0x4000_8000_0000_0000_0003),
            corrects: Some(id(0x5000_8000_0000_0000_0005)),
            correlation: id(0x4000_8000_0000_0000_0004),
            device: Some("till-1".to_owned()),
            device_seq: Some("17".to_owned()),
            role: Role::Coordinator,
        }
    }

    #[test]
    fn metadata_is_stored_as_it_always_was() {
        let stored = serde_json::to_string(&metadata()).expect("JSON");
        assert_eq!(GOLDEN.trim_end(), stored);
        let read: Metadata = serde_json::from_str(GOLDEN).expect("metadata");
        assert_eq!(read, metadata());
    }

    #[test]
    fn metadata_is_a_flat_object_of_strings_with_sorted_keys() {
        let few = Metadata {
            acting_for: None,
            causation: None,
            corrects: None,
            device: None,
            device_seq: None,
            ..metadata()
        };
        for metadata in [metadata(), few] {
            let stored = serde_json::to_string(&metadata).expect("JSON");
            let object: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(&stored).expect("an object");
            assert!(
                object.values().all(serde_json::Value::is_string),
                "{stored}"
            );
            // The map keeps the order of the text.
            assert!(object.keys().is_sorted(), "{stored}");
        }
    }

    /// Written down, because whoever computed one before must find it again.
    #[test]
    fn the_id_of_an_event_is_that_of_its_place() {
        let id = |sequence| Record::event_id(Uuid::nil(), Uuid::from_u128(1), sequence);
        assert_eq!(id(1).to_string(), "3eee7c4e-69ec-55dd-8e7a-af40ae7b25f7");
        assert_ne!(id(1), id(2));
    }
}
