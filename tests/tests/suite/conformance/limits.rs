//! Everything that grows has a bound.

use commands::log::{LogError, MAX_BATCH_BYTES};
use domain::envelope::{MAX_METADATA, MAX_PAYLOAD};

use super::Harness;
use super::given::{assert_whole, done, one, several, stream};

/// A JSON object of exactly this many bytes.
fn json_of(bytes: usize) -> String {
    format!(r#"{{"x":"{}"}}"#, "x".repeat(bytes - r#"{"x":""}"#.len()))
}

pub async fn the_largest_payload_fits_and_one_byte_more_does_not(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let sized = |payload, metadata| {
        let mut append = one(log, stream(1), 0);
        append.records[0].payload = json_of(payload);
        append.records[0].metadata = json_of(metadata);
        append
    };
    for (payload, metadata) in [(MAX_PAYLOAD + 1, 100), (100, MAX_METADATA + 1)] {
        let answer = log.append(sized(payload, metadata)).await;
        assert_eq!(answer, Err(LogError::TooLarge));
    }
    done(log.append(sized(MAX_PAYLOAD, MAX_METADATA)).await);
    let all = assert_whole(log).await;
    assert_eq!(all[0].record.payload.len(), MAX_PAYLOAD);
    assert_eq!(all[0].record.metadata.len(), MAX_METADATA);
}

pub async fn a_command_has_a_limit_too(harness: &impl Harness) {
    let handle = harness.open().await;
    let log = &*handle.log;
    let mut append = several(log, stream(1), 0, 5);
    let each = MAX_BATCH_BYTES / 5;
    for record in &mut append.records {
        record.payload = json_of(each - record.metadata.len());
    }
    let mut larger = append.clone();
    larger.records[0].payload = json_of(MAX_PAYLOAD);
    assert_eq!(log.append(larger).await, Err(LogError::TooLarge));
    done(log.append(append).await);
    assert_whole(log).await;
}
