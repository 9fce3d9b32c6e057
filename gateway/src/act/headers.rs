//! The headers around an act: its idempotency key, and what goes into the envelope.

use std::str::FromStr;

use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Utc};
use domain::text::Label;
use domain::time::micros;
use serde_json::Value;
use uuid::Uuid;

use crate::problem::Problem;

/// The header without which nothing is done.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";
const OCCURRED_AT: &str = "Occurred-At";
const ACTING_FOR: &str = "Acting-For";
const CORRECTS: &str = "Corrects";
const DEVICE: &str = "Device";
const DEVICE_SEQ: &str = "Device-Seq";

/// The optional headers of every act, for the documentation: name, format, meaning.
pub const OPTIONAL: [(&str, &str, &str); 5] = [
    (OCCURRED_AT, "date-time", "When it happened, if not now."),
    (
        ACTING_FOR,
        "uuid",
        "The id of the subject, member or access on whose behalf it is done; never a name.",
    ),
    (CORRECTS, "uuid", "The id of the event that this corrects."),
    (DEVICE, "", "The device's own id."),
    (
        DEVICE_SEQ,
        "int64",
        "The device's own running number. With it, the act was recorded while offline.",
    ),
];

/// What stands in the headers of an act.
#[derive(Debug)]
pub struct Envelope {
    /// The same key twice is the same act.
    pub key: String,
    /// When it happened, if not now.
    pub occurred_at: Option<DateTime<Utc>>,
    /// On whose behalf.
    pub acting_for: Option<Uuid>,
    /// The event that it corrects.
    pub corrects: Option<Uuid>,
    /// The device.
    pub device: Option<Label>,
    /// The device's own running number.
    pub device_seq: Option<u64>,
}

impl Envelope {
    /// Reads them.
    ///
    /// # Errors
    /// `idempotency_key_missing`, or `bad_header` with the header's name.
    pub fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        let key: Option<String> = read(headers, IDEMPOTENCY_KEY, "visible ASCII characters")?;
        let occurred_at: Option<DateTime<Utc>> = read(
            headers,
            OCCURRED_AT,
            "an instant such as 2026-11-20T14:07:23Z",
        )?;
        Ok(Self {
            key: key.ok_or_else(key_missing)?,
            occurred_at: occurred_at.map(micros),
            acting_for: read(headers, ACTING_FOR, "an id (UUID), never a name")?,
            corrects: read(headers, CORRECTS, "an event's id (UUID)")?,
            device: read(headers, DEVICE, "1 to 32 letters, digits, '-', '.' or '_'")?,
            device_seq: read(headers, DEVICE_SEQ, "a whole number")?,
        })
    }

    /// Whether a device recorded it while it had no connection.
    #[must_use]
    pub fn was_offline(&self) -> bool {
        self.device_seq.is_some() && self.occurred_at.is_some()
    }

    /// What of it makes one request differ from another.
    #[must_use]
    pub fn hashed(&self) -> String {
        format!(
            "{:?}\n{:?}\n{:?}\n{:?}\n{:?}",
            self.occurred_at, self.acting_for, self.corrects, self.device, self.device_seq
        )
    }
}

fn read<T: FromStr>(
    headers: &HeaderMap,
    name: &'static str,
    expected: &str,
) -> Result<Option<T>, Problem> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let parsed = value
        .to_str()
        .ok()
        .and_then(|text| text.trim().parse().ok());
    let bad = || {
        let detail = format!("the header {name} is {expected}");
        Problem::new(StatusCode::BAD_REQUEST, "bad_header", detail)
            .fact("header", Value::from(name))
    };
    parsed.ok_or_else(bad).map(Some)
}

fn key_missing() -> Problem {
    let detail = "send a header Idempotency-Key, the same one when you send this again";
    Problem::new(StatusCode::BAD_REQUEST, "idempotency_key_missing", detail)
}
