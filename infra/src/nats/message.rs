//! An event as a message: its CloudEvents attributes as headers, its payload as the body.

use async_nats::header::{NATS_EXPECTED_LAST_SEQUENCE, NATS_MESSAGE_ID};
use async_nats::{HeaderMap, HeaderName};
use domain::envelope::{Recorded, instant};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The header that holds the leaf hash, in hexadecimal.
pub(super) const LEAF_HASH: &str = "ce-leafhash";
/// The header that holds the log's id.
pub(super) const LOG_ID: &str = "ce-logid";
/// The header that holds the position, in decimal.
pub(super) const POSITION: &str = "ce-position";

/// A name that is looked at while this is compiled, because sixteen of them go with every event.
macro_rules! name {
    ($name:expr) => {
        const { HeaderName::from_static($name) }
    };
}

/// `<prefix>.<network>.<aggregate>.<act>`: an event type is `aggregate.act`.
pub(super) fn subject(prefix: &str, event: &Recorded) -> String {
    format!(
        "{prefix}.{}.{}",
        event.record.network, event.record.event_type
    )
}

/// With these and the body a reader can compute the leaf hash; of the metadata, which say who
/// acted, there is only the hash. The server refuses the message unless it gets the sequence that is the
/// event's position.
pub(super) fn headers(log_id: Uuid, event: &Recorded) -> HeaderMap {
    let (record, position) = (&event.record, event.position.unsigned_abs());
    let values = [
        (NATS_MESSAGE_ID, format!("{log_id}:{position}")),
        (
            NATS_EXPECTED_LAST_SEQUENCE,
            position.saturating_sub(1).to_string(),
        ),
        (name!("ce-specversion"), "1.0".to_owned()),
        (name!("ce-id"), record.event_id.to_string()),
        (
            name!("ce-source"),
            format!("/sospeso/{log_id}/{}", record.network),
        ),
        (name!("ce-type"), record.event_type.clone()),
        (name!("ce-typeversion"), record.event_version.clone()),
        (name!("ce-subject"), record.aggregate_id.to_string()),
        (name!("ce-time"), instant(record.occurred_at)),
        (name!("ce-recordedtime"), instant(record.recorded_at)),
        (name!("ce-datacontenttype"), "application/json".to_owned()),
        (name!("ce-sequence"), record.sequence.to_string()),
        (
            name!("ce-metadatahash"),
            hex::encode(Sha256::digest(&record.metadata)),
        ),
        (name!(LEAF_HASH), hex::encode(event.leaf_hash)),
        (name!(LOG_ID), log_id.to_string()),
        (name!(POSITION), position.to_string()),
    ];
    let values = values.into_iter();
    values.map(|(name, value)| (name, value.into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::envelope::Record;

    #[test]
    fn subject_and_headers_say_what_and_where() {
        let at = DateTime::from_timestamp_micros(1_763_626_500_000_001).expect("an instant");
        let event = Recorded {
            position: 7,
            leaf_hash: [0xab; 32],
            record: Record {
                network: "praha".to_owned(),
                aggregate_type: "voucher".to_owned(),
                aggregate_id: Uuid::from_u128(1),
                sequence: 2,
                event_type: "voucher.redeemed".to_owned(),
                event_version: "1".to_owned(),
                payload: r#"{"redeemed":{}}"#.to_owned(),
                metadata: "{}".to_owned(),
                event_id: Uuid::from_u128(3),
                occurred_at: at,
                recorded_at: at,
            },
        };
        assert_eq!(subject("sospeso", &event), "sospeso.praha.voucher.redeemed");
        let headers = headers(Uuid::from_u128(4), &event);
        let header = |name| headers.get(name).map(async_nats::HeaderValue::as_str);
        assert_eq!(header("ce-type"), Some("voucher.redeemed"));
        assert_eq!(
            header("ce-subject"),
            Some("00000000-0000-0000-0000-000000000001")
        );
        assert_eq!(header("ce-time"), Some("2025-11-20T08:15:00.000001Z"));
        assert_eq!(header(POSITION), Some("7"));
        assert_eq!(header(LEAF_HASH), Some("ab".repeat(32).as_str()));
    }
}
