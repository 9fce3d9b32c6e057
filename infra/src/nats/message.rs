//! An event as a message: its CloudEvents attributes as headers, its payload as the body.

use async_nats::HeaderMap;
use async_nats::jetstream::message::PublishMessage;
use domain::envelope::{Recorded, instant};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// The header that holds the leaf hash, in hexadecimal.
pub(super) const LEAF_HASH: &str = "ce-leafhash";
/// The header that holds the log's id.
pub(super) const LOG_ID: &str = "ce-logid";
/// The header that holds the position, in decimal.
pub(super) const POSITION: &str = "ce-position";

/// `<prefix>.<network>.<aggregate>.<act>`: an event type is `aggregate.act`.
pub(super) fn subject(prefix: &str, event: &Recorded) -> String {
    format!(
        "{prefix}.{}.{}",
        event.record.network, event.record.event_type
    )
}

/// The message, refused by the server unless it gets the sequence that is the event's position.
pub(super) fn publication(log_id: Uuid, event: &Recorded) -> PublishMessage {
    let position = event.position.unsigned_abs();
    PublishMessage::build()
        .headers(headers(log_id, event))
        .message_id(format!("{log_id}:{position}"))
        .expected_last_sequence(position.saturating_sub(1))
        .payload(event.record.payload.clone().into())
}

/// With these and the body a reader can compute the leaf hash; of the metadata, which say who
/// acted, there is only the hash.
fn headers(log_id: Uuid, event: &Recorded) -> HeaderMap {
    let record = &event.record;
    let attributes = [
        ("ce-specversion", "1.0".to_owned()),
        ("ce-id", record.event_id.to_string()),
        ("ce-source", format!("/sospeso/{log_id}/{}", record.network)),
        ("ce-type", record.event_type.clone()),
        ("ce-typeversion", record.event_version.clone()),
        ("ce-subject", record.aggregate_id.to_string()),
        ("ce-time", instant(record.occurred_at)),
        ("ce-recordedtime", instant(record.recorded_at)),
        ("ce-datacontenttype", "application/json".to_owned()),
        ("ce-sequence", record.sequence.to_string()),
        (
            "ce-metadatahash",
            hex::encode(Sha256::digest(&record.metadata)),
        ),
        (LEAF_HASH, hex::encode(event.leaf_hash)),
        (LOG_ID, log_id.to_string()),
        (POSITION, event.position.to_string()),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in attributes {
        headers.insert(name, value);
    }
    headers
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
