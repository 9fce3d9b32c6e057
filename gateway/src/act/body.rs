//! The JSON of a request: checked at the edge, and refused with the name of the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use crate::problem::Problem;

/// The largest body in bytes, unless a route sets another limit.
pub const MAX_BODY: usize = 64 * 1024;

/// A body, and a text that is the same for the same content.
#[derive(Debug)]
pub struct Body<B> {
    /// What it says.
    pub value: B,
    /// The same JSON with sorted keys and without white space.
    pub canonical: String,
}

impl<B: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<B> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                "this body is larger than the route takes",
            ),
            _ => Problem::new(
                StatusCode::BAD_REQUEST,
                "bad_body",
                "the body ended too early",
            ),
        })?;
        if !is_json && !bytes.is_empty() {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "unsupported_media_type",
                "send the body as application/json",
            ));
        }
        read(if bytes.is_empty() { b"{}" } else { &bytes })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
}

fn read<B: DeserializeOwned>(bytes: &[u8]) -> Result<Body<B>, Problem> {
    let mut any: Value = serde_json::from_slice(bytes).map_err(|error| bad(&error, ""))?;
    if holds_nul(&any) {
        let detail = "the character U+0000 cannot be stored";
        return Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "bad_value",
            detail,
        ));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        bad(error.inner(), &path)
    })?;
    any.sort_all_objects();
    let canonical = any.to_string();
    Ok(Body { value, canonical })
}

fn bad(error: &serde_json::Error, path: &str) -> Problem {
    match error.classify() {
        Category::Data => {
            let message = error.to_string();
            // The place in the text is of no use to people who never see the text.
            let message = message.split(" at line ").next().unwrap_or_default();
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_value", message)
                .fact("field", field(path, message))
        }
        Category::Io | Category::Syntax | Category::Eof => Problem::new(
            StatusCode::BAD_REQUEST,
            "bad_json",
            format!("this is no JSON: {error}"),
        ),
    }
}

/// The field that is wrong. Serde names a missing or unknown one only in its message.
fn field(path: &str, message: &str) -> String {
    let named = ["missing field `", "unknown field `"]
        .iter()
        .find_map(|start| message.strip_prefix(start)?.split('`').next());
    match named {
        Some(name) if path == "." => name.to_owned(),
        Some(name) if path.ends_with(name) => path.to_owned(),
        Some(name) => format!("{path}.{name}"),
        None if path == "." => String::new(),
        None => path.to_owned(),
    }
}

fn holds_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(items) => items.iter().any(holds_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || holds_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::money::Minor;
    use domain::text::Name;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Sent {
        #[expect(dead_code, reason = "only read")]
        name: Name,
        #[expect(dead_code, reason = "only read")]
        prices: Vec<Minor>,
    }

    fn problem(json: &str) -> String {
        let problem = read::<Sent>(json.as_bytes()).expect_err("a problem");
        format!("{problem:?}")
    }

    #[test]
    fn what_is_wrong_is_named() {
        let table = [
            (r#"{"name":"a","prices":[1,-1]}"#, "prices[1]"),
            (r#"{"name":"","prices":[]}"#, "name"),
            (r#"{"prices":[]}"#, "name"),
            (r#"{"name":"a","prices":[],"tip":1}"#, "tip"),
            (r#"{"name":"a","prices":"many"}"#, "prices"),
        ];
        for (json, field) in table {
            let expected = format!("\"field\": String(\"{field}\")");
            assert!(
                problem(json).contains(&expected),
                "{json}: {}",
                problem(json)
            );
        }
    }

    #[test]
    fn what_is_no_json_is_said_to_be_none() {
        for json in ["", "{", "[1,]", "{\"name\":\"a\",\"prices\":[]} x"] {
            assert!(problem(json).contains("bad_json"), "{json}");
        }
    }

    #[test]
    fn a_nul_cannot_be_stored() {
        let json = r#"{"name":"a\u0000","prices":[]}"#;
        assert!(problem(json).contains("U+0000"));
    }

    #[test]
    fn the_order_of_keys_does_not_matter() {
        let one: Body<Sent> = read(br#"{"name":"a","prices":[1]}"#).expect("good");
        let two: Body<Sent> = read(br#"{ "prices": [1], "name": "a" }"#).expect("good");
        assert_eq!(one.canonical, two.canonical);
    }
}
