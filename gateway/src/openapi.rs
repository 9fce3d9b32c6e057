//! The OpenAPI 3.1 document: what the routes say of themselves, and what holds for all of them.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa::openapi::{OpenApi, RefOr, Schema};

use crate::act::headers::{IDEMPOTENCY_KEY, OPTIONAL};

/// Where acts and reads of a network lie.
pub const NETWORK: &str = "/api/v1/networks/{network}";

/// Methods of OpenAPI, as they stand in a path item.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The document that is served.
#[must_use]
pub fn document(routes: &OpenApi) -> Value {
    let mut document = serde_json::to_value(routes).unwrap_or_default();
    document["openapi"] = "3.1.0".into();
    document["info"] = json!({
        "title": "sospeso",
        "version": env!("CARGO_PKG_VERSION"),
        "description": "The open ledger of local solidarity. Every act is an immutable event: it \
            is recorded once, under an `Idempotency-Key`, and answers with its `position`. Every \
            \"no\" is problem+json (RFC 9457) with a stable `code`. While the database is away, what \
            anybody may read and somebody did read in the last ten minutes is answered so again, with \
            its `Age` and a `Cache-Status` (RFC 9211) whose `ttl` is negative.",
        "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
    });
    document["components"]["securitySchemes"] = json!({
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "An access token. It knows one network and one role.",
        },
    });
    document["components"]["schemas"]["Problem"] = problem();
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, item) in paths {
            for method in METHODS {
                if let Some(operation) = item.get_mut(method) {
                    complete(path, method, operation);
                }
            }
        }
    }
    document
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "A problem of RFC 9457. Further members are facts about it.",
        "required": ["type", "title", "status", "code", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "code": {"type": "string", "description": "Stable; programs decide by it."},
            "detail": {"type": "string", "description": "One sentence for people."},
            "field": {"type": "string", "description": "The field that is wrong."},
        },
    })
}

/// Adds what follows from where a route lies, so that no route has to repeat it.
fn complete(path: &str, method: &str, operation: &mut Value) {
    let tag = operation["tags"][0]
        .as_str()
        .unwrap_or("general")
        .to_owned();
    let function = operation["operationId"].as_str().unwrap_or(path).to_owned();
    operation["operationId"] = format!("{tag}.{function}").into();
    let mut parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let known = |parameters: &[Value], name: &str| {
        parameters.iter().any(|parameter| parameter["name"] == name)
    };
    for name in path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    {
        if !known(&parameters, name) {
            parameters.push(path_parameter(name));
        }
    }
    if path.starts_with(NETWORK) {
        operation["security"] = operation
            .get("security")
            .cloned()
            .unwrap_or(json!([{"token": []}]));
        if is_act(operation) && !known(&parameters, IDEMPOTENCY_KEY) {
            parameters.extend(envelope_headers());
        }
    }
    operation["parameters"] = parameters.into();
    add_problems(path, method, operation);
}

/// Acts answer with their position; a POST that only looks does not.
fn is_act(operation: &Value) -> bool {
    let mut responses = operation["responses"].as_object().into_iter().flatten();
    responses.any(|(_, response)| response["headers"].get("Sospeso-Position").is_some())
}

fn path_parameter(name: &str) -> Value {
    let schema = match name {
        "network" => json!({"type": "string", "pattern": "^[a-z0-9-]{2,32}$"}),
        id if id.ends_with("_id") => json!({"type": "string", "format": "uuid"}),
        _ => json!({"type": "string"}),
    };
    json!({"name": name, "in": "path", "required": true, "schema": schema})
}

fn envelope_headers() -> Vec<Value> {
    let key = json!({
        "name": IDEMPOTENCY_KEY,
        "in": "header",
        "required": true,
        "description": "1 to 200 visible ASCII characters, chosen by you. Sent again with the same \
            body it gives the same answer and does nothing twice.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 200},
    });
    let others = OPTIONAL.iter().map(|(name, format, meaning)| {
        let schema = match *format {
            "" => json!({"type": "string", "maxLength": 32}),
            "int64" => json!({"type": "integer", "format": "int64", "minimum": 0}),
            format => json!({"type": "string", "format": format}),
        };
        json!({"name": name, "in": "header", "description": meaning, "schema": schema})
    });
    std::iter::once(key).chain(others).collect()
}

fn add_problems(path: &str, method: &str, operation: &mut Value) {
    let mut problems: Vec<(&str, &str)> = vec![("default", "Any other problem.")];
    // `security(())` of a route stands as one empty requirement: nobody needs a token.
    let needs_token = operation["security"] != json!([]) && operation["security"] != json!([{}]);
    if path.starts_with(NETWORK) && needs_token {
        problems.push(("401", "`unauthenticated`: no token that is valid now."));
        problems.push(("403", "`not_allowed`: the role does not reach this."));
    }
    if path.starts_with(NETWORK) {
        problems.push((
            "404",
            "`not_found`: there is no such thing in this network.",
        ));
    }
    if method == "post" && path.starts_with(NETWORK) {
        problems.push((
            "400",
            "`bad_json`, `bad_header`, `idempotency_key_missing`, `bad_key`.",
        ));
        problems.push(("413", "`too_large`."));
        problems.push(("415", "`unsupported_media_type`."));
        problems.push((
            "422",
            "`bad_value` with the `field`; `key_reused`: the key belongs to another request.",
        ));
        problems.push((
            "503",
            "`busy`, `contended`, `unavailable`: send it again under the same key after \
             `Retry-After`.",
        ));
    }
    if method == "get" && path.starts_with(NETWORK) {
        problems.push((
            "400",
            "`bad_query`, `bad_cursor`, `as_of_ahead`: what cannot be asked for.",
        ));
        problems.push(("503", "`unavailable`: ask again after `Retry-After`."));
    }
    for (status, description) in problems {
        if operation["responses"].get(status).is_none() {
            operation["responses"][status] = json!({
                "description": description,
                "content": {"application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                }},
            });
        }
    }
}

/// The schema of a type with all that it refers to written out in place, so that answers of
/// different acts may use the same names for their parts.
#[must_use]
pub fn inlined<T: ToSchema>() -> Value {
    let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
    T::schemas(&mut parts);
    let parts: BTreeMap<String, Value> = parts
        .into_iter()
        .map(|(name, schema)| (name, serde_json::to_value(schema).unwrap_or_default()))
        .collect();
    let schema = serde_json::to_value(T::schema()).unwrap_or_default();
    write_out(schema, &parts, 0)
}

/// Deeper than any answer; a type that holds itself stays a reference.
const DEEPEST: u32 = 12;

fn write_out(schema: Value, parts: &BTreeMap<String, Value>, depth: u32) -> Value {
    match schema {
        Value::Object(fields) => {
            let referred = fields
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|name| parts.get(name.rsplit('/').next()?));
            match referred {
                Some(part) if depth < DEEPEST => write_out(part.clone(), parts, depth + 1),
                Some(_) | None => Value::Object(
                    fields
                        .into_iter()
                        .map(|(name, value)| (name, write_out(value, parts, depth)))
                        .collect::<Map<_, _>>(),
                ),
            }
        }
        Value::Array(items) => items
            .into_iter()
            .map(|item| write_out(item, parts, depth))
            .collect(),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes::documented;

    fn served() -> Value {
        document(&documented().into_openapi())
    }

    fn operations(document: &Value) -> Vec<(String, Value)> {
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            let found = METHODS.iter().filter_map(move |method| {
                Some((format!("{method} {path}"), item.get(method)?.clone()))
            });
            found.collect::<Vec<_>>()
        });
        operations.collect()
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_a_subject_and_a_summary() {
        let mut names = std::collections::BTreeSet::new();
        for (route, operation) in operations(&served()) {
            let name = operation["operationId"].to_string();
            assert!(names.insert(name.clone()), "{route}: {name} is taken");
            assert!(operation["tags"][0].is_string(), "{route} has no tag");
            assert!(
                operation["summary"].is_string(),
                "{route} has no doc comment"
            );
        }
    }

    #[test]
    fn every_reference_leads_somewhere() {
        let served = served();
        let text = served.to_string();
        for reference in text.split("\"$ref\":\"#/").skip(1) {
            let pointer = reference.split('"').next().unwrap_or_default();
            assert!(
                served.pointer(&format!("/{pointer}")).is_some(),
                "nothing is at {pointer}: derive ToSchema on it, or name it in the route"
            );
        }
    }

    /// Two types of one name would silently be documented as one.
    #[test]
    fn names_of_schemas_are_unique() {
        let mut known: BTreeMap<String, (&str, Value)> = BTreeMap::new();
        for (subject, routes) in crate::routes::subjects() {
            let components = routes.into_openapi().components.unwrap_or_default();
            for (name, schema) in components.schemas {
                let schema = serde_json::to_value(schema).expect("a schema");
                let (first, other) = known
                    .entry(name.clone())
                    .or_insert((subject, schema.clone()));
                assert_eq!(
                    *other, schema,
                    "{name} of {subject} and of {first}: rename one"
                );
            }
        }
    }

    #[test]
    fn an_act_tells_all_that_a_caller_needs() {
        let served = served();
        let redeem =
            &served["paths"]["/api/v1/networks/{network}/venues/{venue_id}/redeem"]["post"];
        assert_eq!(redeem["operationId"], "voucher.redeem");
        let text = redeem.to_string();
        for part in [
            "nothing_on_board",
            "Idempotency-Key",
            "venue_id",
            "redemption_id",
            "Sospeso-Position",
        ] {
            assert!(text.contains(part), "{part} is missing in {redeem:#}");
        }
        let grant = served["paths"]["/api/v1/networks/{network}/accesses"]["post"].to_string();
        assert!(grant.contains("secret_already_shown"));
    }
}
