//! Instants as tables hold them: whole microseconds since 1970.

use chrono::{DateTime, Utc};

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
