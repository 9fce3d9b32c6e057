//! Instants as tables hold them: whole microseconds since 1970.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};

/// As stored.
#[must_use]
pub fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// As read. A number that no calendar has becomes the beginning of 1970.
#[must_use]
pub fn instant(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or_default()
}

/// The minute in which an answer was given: what two answers of one minute say is the same text, if
/// nothing happened in between.
#[must_use]
pub fn minute(now: DateTime<Utc>) -> DateTime<Utc> {
    now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now)
}
