//! Old events in today's words. Every way out of the log goes through here.

use serde_json::Value;

/// One step: events of `event_type` in `from` become `to`.
pub struct Upcaster {
    /// `aggregate.act`.
    pub event_type: &'static str,
    /// The stored version that it takes.
    pub from: &'static str,
    /// The version that it makes.
    pub to: &'static str,
    /// The change of the payload.
    pub change: fn(Value) -> Value,
}

/// All steps, oldest first. Empty until an event gets its second version; the golden file of the
/// first version then stays and must still decode.
pub const UPCASTERS: &[Upcaster] = &[];

/// The payload in the newest version, and that version.
#[must_use]
pub fn upcast(event_type: &str, version: &str, payload: Value) -> (String, Value) {
    apply(UPCASTERS, event_type, version, payload)
}

fn apply(steps: &[Upcaster], event_type: &str, version: &str, payload: Value) -> (String, Value) {
    let mut current = (version.to_owned(), payload);
    for step in steps {
        if step.event_type == event_type && step.from == current.0 {
            current = (step.to.to_owned(), (step.change)(current.1));
        }
    }
    current
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const STEPS: &[Upcaster] = &[
        Upcaster {
            event_type: "a.b",
            from: "1",
            to: "2",
            change: |_| json!({"b": {"n": 1}}),
        },
        Upcaster {
            event_type: "a.b",
            from: "2",
            to: "3",
            change: |v| json!({"b": {"m": v["b"]["n"]}}),
        },
    ];

    #[test]
    fn an_event_without_steps_comes_out_as_it_went_in() {
        let payload = json!({"n": 1});
        let out = upcast("voucher.prepaid", "1", payload.clone());
        assert_eq!(out, ("1".to_owned(), payload));
    }

    #[test]
    fn steps_follow_one_another_from_the_stored_version_on() {
        assert_eq!(
            apply(STEPS, "a.b", "1", json!({})),
            ("3".into(), json!({"b": {"m": 1}}))
        );
        assert_eq!(apply(STEPS, "a.b", "3", json!(7)), ("3".into(), json!(7)));
    }

    #[test]
    fn other_events_are_left_alone() {
        assert_eq!(apply(STEPS, "a.c", "1", json!(7)), ("1".into(), json!(7)));
    }
}
