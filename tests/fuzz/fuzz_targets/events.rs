//! A line of an exported log: `aggregate.act`, and in the next line its payload.
#![no_main]

use chrono::DateTime;
use domain::envelope::{Metadata, Record, Recorded};
use domain::event::Act;
use fuzz::comes_back_as_json;
use libfuzzer_sys::fuzz_target;
use uuid::Uuid;

const METADATA: &str =
    r#"{"actor":"a","channel":"api","command_id":"c","correlation":"c","role":"operator"}"#;

fuzz_target!(|text: &str| {
    comes_back_as_json::<Metadata>(text);
    let Some((event_type, payload)) = text.split_once('\n') else {
        return;
    };
    let record = Record {
        network: "praha".to_owned(),
        aggregate_type: event_type.split('.').next().unwrap_or_default().to_owned(),
        aggregate_id: Uuid::nil(),
        sequence: 1,
        event_type: event_type.to_owned(),
        event_version: "1".to_owned(),
        payload: payload.to_owned(),
        metadata: METADATA.to_owned(),
        event_id: Uuid::nil(),
        occurred_at: DateTime::UNIX_EPOCH,
        recorded_at: DateTime::UNIX_EPOCH,
    };
    let _refused_as_a_rule = Act::read(&Recorded {
        position: 1,
        leaf_hash: [0; 32],
        record,
    });
});
