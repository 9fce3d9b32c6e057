//! What an act answers, and how that stands in the documentation.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use axum::Json;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use commands::executor::{self, UseCase};
use domain::Refusal;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::response::Response as Documented;
use utoipa::{IntoResponses, ToSchema};

use crate::openapi::inlined;

/// The position that a view must have reached to show the act.
pub static POSITION: HeaderName = HeaderName::from_static("sospeso-position");
/// Says that this is the answer to an earlier request under the same key.
pub static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// The answer to an act: the ids of the use case's answer, `position`, its secrets, and `extra`.
pub struct Answer<U: UseCase, const STATUS: u16, E = ()> {
    done: executor::Done<U::Answer>,
    extra: E,
}

/// 201: something came into being.
pub type Created<U, E = ()> = Answer<U, 201, E>;
/// 202: something was decided, and what follows from it takes a while.
pub type Accepted<U, E = ()> = Answer<U, 202, E>;
/// 200: something was done.
pub type Done<U, E = ()> = Answer<U, 200, E>;

impl<U: UseCase, const STATUS: u16> Answer<U, STATUS> {
    pub(super) fn new(done: executor::Done<U::Answer>) -> Self {
        Self { done, extra: () }
    }

    /// Adds what is computed at reading time, e.g. codes: its fields stand beside the ids.
    #[must_use]
    pub fn with<E>(self, extra: E) -> Answer<U, STATUS, E> {
        Answer {
            done: self.done,
            extra,
        }
    }
}

impl<U: UseCase, const STATUS: u16, E> Answer<U, STATUS, E> {
    /// The use case's own answer.
    #[must_use]
    pub fn ids(&self) -> &U::Answer {
        &self.done.answer
    }
}

impl<U: UseCase, const STATUS: u16, E: Serialize> IntoResponse for Answer<U, STATUS, E> {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        body.insert("position".into(), self.done.position.into());
        for part in [
            serde_json::to_value(&self.done.answer),
            serde_json::to_value(&self.extra),
        ] {
            if let Ok(Value::Object(fields)) = part {
                body.extend(fields);
            }
        }
        let replayed = self.done.secrets.is_none();
        let secrets = self.done.secrets.unwrap_or_default();
        body.extend(secrets.into_iter().map(|(k, v)| (k, v.into())));
        if !self.done.shown_before.is_empty() {
            body.insert("secret_already_shown".into(), true.into());
        }
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(POSITION.clone(), HeaderValue::from(self.done.position));
        if replayed {
            headers.insert(REPLAYED.clone(), HeaderValue::from_static("true"));
        }
        response
    }
}

impl<U, const STATUS: u16, E> IntoResponses for Answer<U, STATUS, E>
where
    U: UseCase,
    U::Answer: ToSchema,
    E: ToSchema,
{
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let position = json!({
            "type": "integer",
            "format": "int64",
            "description": "Views that have reached this position show the act.",
        });
        let mut properties = Map::from_iter([("position".to_owned(), position)]);
        let mut required = vec![Value::from("position")];
        for schema in [inlined::<U::Answer>(), inlined::<E>()] {
            if let Some(Value::Object(fields)) = schema.get("properties") {
                properties.extend(fields.clone());
            }
            if let Some(Value::Array(names)) = schema.get("required") {
                required.extend(names.clone());
            }
        }
        for secret in U::SECRETS {
            let what = "Shown once. Instead of it, the answer to a repeated request has \
                        `secret_already_shown`.";
            let schema = json!({"type": "string", "description": what});
            properties.insert((*secret).to_owned(), schema);
            properties.insert("secret_already_shown".into(), json!({"type": "boolean"}));
        }
        let schema = json!({"type": "object", "properties": properties, "required": required});
        let response = json!({
            "description": "Recorded.",
            "headers": {
                "Sospeso-Position": {"schema": {"type": "integer", "format": "int64"}},
                "Idempotency-Replayed": {
                    "description": "`true` if this answers an earlier request under the same key.",
                    "schema": {"type": "string"},
                },
            },
            "content": {"application/json": {"schema": schema}},
        });
        documented(STATUS, response)
    }
}

/// Documents what an act may be refused for, from the closed lists of the use case and of the
/// domain's decision.
pub struct Refuses<A, B = NoMore, C = NoMore, D = NoMore>(PhantomData<(A, B, C, D)>);

domain::refusals! {
    /// An empty list.
    pub enum NoMore {}
}

impl<A, B, C, D> IntoResponses for Refuses<A, B, C, D>
where
    A: Refusal,
    B: Refusal,
    C: Refusal,
    D: Refusal,
{
    fn responses() -> BTreeMap<String, RefOr<Documented>> {
        let lists = [
            A::VARIANTS,
            B::VARIANTS,
            C::VARIANTS,
            D::VARIANTS,
            <executor::Refusal as strum::VariantNames>::VARIANTS,
        ];
        let codes: BTreeSet<&str> = lists.concat().into_iter().collect();
        let listed: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
        let schema = json!({
            "allOf": [
                {"$ref": "#/components/schemas/Problem"},
                {"type": "object", "properties": {"code": {"type": "string", "enum": codes}}},
            ],
        });
        let response = json!({
            "description": format!(
                "Refused: {}. `unknown_…` comes as 404, values that could never be taken as 422.",
                listed.join(", ")
            ),
            "content": {"application/problem+json": {"schema": schema}},
        });
        documented(409, response)
    }
}

fn documented(status: u16, response: Value) -> BTreeMap<String, RefOr<Documented>> {
    let response: Documented =
        serde_json::from_value(response).expect("this is a response object of OpenAPI");
    BTreeMap::from([(status.to_string(), RefOr::T(response))])
}
