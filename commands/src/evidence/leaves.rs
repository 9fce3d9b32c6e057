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
    occurred: Instant,
    recorded: Instant,
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
            occurred: Instant::default(),
            recorded: Instant::default(),
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
                self.occurred.text(event.occurred_at),
                self.recorded.text(event.recorded_at),
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
        if !self.id_follows(event) {
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

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// The text of an instant. Many events fall on one day, and writing only the time of day anew costs a
/// fraction of writing all of it.
#[derive(Default)]
struct Instant {
    day: Option<i64>,
    text: String,
}

impl Instant {
    /// The text of these microseconds since 1970, as [`instant`] writes it.
    fn text(&mut self, micros: i64) -> &str {
        let (day, of_day) = (micros.div_euclid(DAY), micros.rem_euclid(DAY));
        if self.day == Some(day) {
            let clock = clock(of_day);
            self.text.truncate(self.text.len() - clock.len());
            self.text.extend(clock.map(char::from));
        } else {
            let at = DateTime::from_timestamp_micros(micros);
            self.day = at.is_some().then_some(day);
            self.text = at.map_or_else(|| micros.to_string(), instant);
        }
        &self.text
    }
}

/// The time of day after so many microseconds of it.
fn clock(of_day: i64) -> [u8; 16] {
    let mut text = *b"00:00:00.000000Z";
    let seconds = of_day / 1_000_000;
    let parts = [
        (seconds / 3600, 0..2),
        (seconds / 60 % 60, 3..5),
        (seconds % 60, 6..8),
        (of_day % 1_000_000, 9..15),
    ];
    for (mut number, place) in parts {
        for digit in text[place].iter_mut().rev() {
            *digit += u8::try_from(number % 10).unwrap_or_default();
            number /= 10;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_written_as_ever_whatever_was_written_before() {
        let mut written = Instant::default();
        let second = 1_763_626_500_000_000;
        for micros in [
            second,
            second + 1,
            second + 999_999,
            second + 1_000_000,
            second - 1,
            second + 86_399_999_999,
            second + 86_400_000_000,
            1_763_596_800_000_000,
            1_763_683_199_999_999,
            0,
            -1,
            -1_000_000,
            i64::MAX,
            i64::MAX - 1,
            253_402_300_800_000_000,
            253_402_300_800_000_001,
        ] {
            let whole =
                DateTime::from_timestamp_micros(micros).map_or_else(|| micros.to_string(), instant);
            assert_eq!(written.text(micros), whole);
        }
    }
}
