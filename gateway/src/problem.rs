//! Every "no" of the gateway: problem+json (RFC 9457) with a stable `code`.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use commands::executor::Failure;
use commands::log::LogError;
use commands::principal::Denied;
use commands::vault::VaultError;
use domain::Refused;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// When a caller should come again if nothing else is known.
pub(crate) const RETRY_AFTER_S: u64 = 1;

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem(Box<Members>);

/// Behind a box, because it is part of nearly every result.
#[derive(Clone, Debug, PartialEq)]
struct Members {
    status: StatusCode,
    code: String,
    detail: String,
    facts: Map<String, Value>,
    retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem with a stable code and one plain English sentence.
    #[must_use]
    pub fn new(status: StatusCode, code: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Members {
            status,
            code: code.to_owned(),
            detail: detail.into(),
            facts: Map::new(),
            retry_after_s: None,
        }))
    }

    /// There is no such thing, or it belongs to somebody else: a caller cannot tell which.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "there is no such thing")
    }

    /// Nobody known is calling.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "unauthenticated",
            "this needs a token that is valid now",
        )
    }

    /// Something is full or away; the same request can be sent again under the same key.
    #[must_use]
    pub fn come_again(code: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(RETRY_AFTER_S)
    }

    /// Something broke. The caller learns a number; the cause stands in the log beside it.
    #[must_use]
    pub fn broken(cause: &str) -> Self {
        let incident = incident();
        tracing::error!(%incident, cause, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "broken",
            "something broke; whoever runs this finds the cause under the incident's number",
        )
        .fact("incident", incident.to_string())
    }

    /// What else the caller needs in order to go on.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.facts.insert(name.to_owned(), value.into());
        self
    }

    /// When it makes sense to come again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The sentence.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.0.detail
    }
}

/// The one place that decides which status a failure has.
impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let detail = failure.to_string();
        match failure {
            Failure::Refused(refused) => refused.into(),
            Failure::Denied(Denied::Role) => {
                Self::new(StatusCode::FORBIDDEN, "not_allowed", detail)
            }
            Failure::Denied(Denied::Foreign) | Failure::NotFound => Self::not_found(),
            Failure::InFlight => {
                Self::new(StatusCode::CONFLICT, "in_flight", detail).retry_after(1)
            }
            Failure::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "key_reused", detail),
            Failure::Contended => Self::come_again("contended", detail),
            Failure::Log(LogError::Busy) => Self::come_again("busy", detail),
            Failure::Log(LogError::Unavailable) | Failure::Vault(VaultError::Unavailable) => {
                Self::come_again("unavailable", "the database is away, or its disk is full")
            }
            Failure::Log(LogError::TooLarge) | Failure::Vault(VaultError::TooLong) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
            }
            Failure::Log(LogError::ClockSkew) => {
                tracing::error!("{detail}");
                Self::come_again("unavailable", "the clocks of this installation differ")
            }
            Failure::Vault(VaultError::Erased) => Self::new(StatusCode::GONE, "erased", detail),
            Failure::Log(LogError::Broken(cause)) | Failure::Vault(VaultError::Broken(cause)) => {
                Self::broken(&cause)
            }
            Failure::Vault(VaultError::Forged) => Self::broken(&detail),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let status = status_of_refusal(&refused.code);
        let mut problem = Self::new(status, &refused.code, refused.message);
        problem.0.facts = refused.facts;
        problem
    }
}

/// A refusal is a conflict with how things stand, unless it says that the thing does not exist or
/// that the values of the request could never be taken.
fn status_of_refusal(code: &str) -> StatusCode {
    match code {
        "not_allowed" => StatusCode::FORBIDDEN,
        "bad_key" => StatusCode::BAD_REQUEST,
        "occurred_at_out_of_bounds"
        | "out_of_bounds"
        | "quantity"
        | "count"
        | "units"
        | "not_hours"
        | "ends_before_it_begins"
        | "return_by_past"
        | "group_size"
        | "venues"
        | "no_amount"
        | "amount_missing"
        | "languages"
        | "terms"
        | "window"
        | "slots"
        | "minutes"
        | "expires_at"
        | "retain_until" => StatusCode::UNPROCESSABLE_ENTITY,
        unknown if unknown.starts_with("unknown_") => StatusCode::NOT_FOUND,
        bad if bad.starts_with("bad_") => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::CONFLICT,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Members {
            status,
            code,
            detail,
            facts,
            retry_after_s,
        } = *self.0;
        let mut body = json!({
            "type": format!("urn:sospeso:problem:{}", code),
            "title": status.canonical_reason().unwrap_or("Problem"),
            "status": status.as_u16(),
            "code": code,
            "detail": detail,
        });
        if let Value::Object(members) = &mut body {
            for (name, value) in facts {
                members.entry(name).or_insert(value);
            }
        }
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer realm=\"sospeso\"");
            headers.insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the number of an incident decides nothing and is stored nowhere but in the log file"
)]
fn incident() -> Uuid {
    Uuid::now_v7()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_a_conflict_unless_it_says_otherwise() {
        let table = [
            ("nothing_on_board", 409),
            ("unknown_code", 404),
            ("unknown_item", 404),
            ("quantity", 422),
            ("bad_key", 400),
        ];
        for (code, status) in table {
            assert_eq!(status_of_refusal(code).as_u16(), status, "{code}");
        }
    }

    #[test]
    fn what_broke_is_not_told() {
        let secret = "relation log.events of user sospeso";
        let problem = Problem::from(Failure::Log(LogError::Broken(secret.into())));
        assert_eq!(problem.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(!format!("{problem:?}").contains("relation"));
    }

    #[test]
    fn facts_stand_beside_the_code() {
        let refused = Refused {
            code: "nothing_on_board".into(),
            message: "2 are left on the board".into(),
            facts: json!({"left": 2}).as_object().cloned().unwrap_or_default(),
        };
        assert_eq!(Problem::from(refused).0.facts["left"], 2);
    }
}
