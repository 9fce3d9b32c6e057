//! Values that an OpenAPI document allows.

use serde_json::{Map, Value, json};
use tests::app::{NETWORK, TestApp, uuid};

/// How deep a document's types are followed.
const DEEPEST: usize = 8;

/// The path with the network and the ids of the fixtures in.
pub fn path(app: &TestApp, path: &str) -> String {
    let mut filled = path.replace("{network}", NETWORK);
    while let (Some(from), Some(to)) = (filled.find('{'), filled.find('}')) {
        let id = id(app, &filled[from + 1..to]);
        filled.replace_range(from..=to, &id);
    }
    filled
}

/// A value of this type for every alternative that stands on its first level or right below it.
pub fn of(app: &TestApp, document: &Value, schema: &Value) -> Vec<Value> {
    let most = (0..6).map(|choice| one(app, document, schema, "", choice, DEEPEST));
    let mut samples: Vec<Value> = Vec::new();
    for sample in most {
        if !samples.contains(&sample) {
            samples.push(sample);
        }
    }
    samples
}

/// One value. Of several alternatives it is the one with this number, counted round.
fn one(
    app: &TestApp,
    document: &Value,
    schema: &Value,
    name: &str,
    choice: usize,
    deepest: usize,
) -> Value {
    let below = |schema: &Value, name: &str| one(app, document, schema, name, choice, deepest - 1);
    if deepest == 0 {
        return Value::Null;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let named = document.pointer(reference.trim_start_matches('#'));
        return below(named.expect("what it refers to"), name);
    }
    for several in ["oneOf", "anyOf"] {
        if let Some(alternatives) = schema[several].as_array() {
            let real: Vec<_> = alternatives
                .iter()
                .filter(|it| it["type"] != "null")
                .collect();
            return below(real[choice % real.len()], name);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let members = parts.iter().map(|part| below(part, name));
        let members = members.filter_map(|part| part.as_object().cloned());
        return Value::Object(members.flatten().collect::<Map<_, _>>());
    }
    if let Some(values) = schema["enum"].as_array() {
        return values[choice % values.len()].clone();
    }
    if !schema["const"].is_null() {
        return schema["const"].clone();
    }
    let kind = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null"),
        kind => Some(kind),
    };
    match kind.and_then(Value::as_str) {
        Some("object") => {
            let members = schema["properties"].as_object().into_iter().flatten();
            let members = members.map(|(name, schema)| (name.clone(), below(schema, name)));
            Value::Object(members.collect())
        }
        Some("array") => json!([below(&schema["items"], name)]),
        Some("integer" | "number") => schema["minimum"].as_f64().map_or(json!(1), |least| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the least of a document is small"
            )]
            let least = least as i64;
            json!(least.max(1))
        }),
        Some("boolean") => json!(false),
        _ => text(app, schema, name),
    }
}

fn text(app: &TestApp, schema: &Value, name: &str) -> Value {
    match schema["format"].as_str() {
        Some("uuid") => json!(id(app, name.trim_end_matches('s'))),
        Some("date-time") => json!("2026-11-20T08:15:00Z"),
        Some("date") => json!("2036-11-20"),
        _ if name == "district_code" => json!("500054"),
        _ if name.starts_with("language") => json!("cs"),
        _ if name == "opening_hours" => json!("Mo-Fr 08:00-18:00"),
        _ => json!("Lev"),
    }
}

fn id(app: &TestApp, name: &str) -> String {
    app.ids.get(name).cloned().unwrap_or_else(|| uuid(404))
}
