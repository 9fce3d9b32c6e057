//! One event: what it says, what caused it, what it caused, and what corrects it.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use commands::principal::Principal;
use domain::sealed::Sealed;
use projections::answer::Seen;
use projections::event_index::query::EventLine;
use serde_json::Value;
use uuid::Uuid;

use super::{Line, auditor, zone};
use crate::app::App;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::{Trouble, Why};
use crate::read::events::one::{EventAnswer, answer};
use crate::read::receipt::may_open;

#[derive(Template)]
#[template(path = "audit_event.html")]
struct Shown<'a> {
    page: &'a Page,
    event: &'a EventAnswer,
    payload: String,
    /// The metadata, by name.
    metadata: Vec<(String, String)>,
    /// The events that hang together with it, under what they are to it.
    related: Vec<(String, Vec<Line>)>,
    correlation: String,
    json: String,
    /// What opens a receipt's commitment to the event, if the caller may have it.
    opening: Option<String>,
}

/// The page of an event.
pub async fn event(
    State(app): State<Arc<App>>,
    page: Page,
    Path(event_id): Path<String>,
) -> Result<Response, Trouble> {
    let page = page.at("audit");
    let who = match auditor(&page, "/audit")? {
        Ok(who) => who,
        Err(sign_in) => return Ok(sign_in),
    };
    let event_id: Uuid = event_id.parse().map_err(|_| page.trouble(Why::NotFound))?;
    let event = answer(&app, &who, event_id, Seen::default()).await;
    let event = event.map_err(|problem| page.failed(problem))?;
    let metadata: serde_json::Map<String, Value> =
        serde_json::from_str(&event.metadata).unwrap_or_default();
    let text = |(name, value): (String, Value)| {
        (name, value.as_str().map(str::to_owned).unwrap_or_default())
    };
    let metadata: Vec<_> = metadata.into_iter().map(text).collect();
    let correlation = metadata.iter().find(|(name, _)| name == "correlation");
    let below = format!("/api/v1/networks/{}", who.network);
    let template = Shown {
        payload: readable(&page, &event.payload),
        related: related(&page, &event),
        correlation: correlation.map(|(_, it)| it.clone()).unwrap_or_default(),
        json: format!("{below}/events/{event_id}"),
        opening: opening(&who, &event, &below),
        event: &event,
        metadata,
        page: &page,
    };
    Ok(show(&page, &template))
}

/// A receipt counts the events of a voucher as its stream does.
fn opening(who: &Principal, event: &EventAnswer, below: &str) -> Option<String> {
    let (voucher, number) = (event.aggregate_id, event.sequence);
    let is_one = event.aggregate_type == "voucher" && may_open(who).is_ok();
    is_one.then(|| format!("{below}/vouchers/{voucher}/openings/{number}"))
}

fn related(page: &Page, event: &EventAnswer) -> Vec<(String, Vec<Line>)> {
    let zone = zone(page);
    let lines = |events: &[EventLine]| events.iter().map(|it| Line::of(it, zone)).collect();
    let all: [(_, Vec<Line>); 4] = [
        ("audit-cause", lines(event.cause.as_slice())),
        ("audit-effects", lines(&event.effects)),
        ("audit-corrects", lines(event.corrects.as_slice())),
        ("audit-corrected-by", lines(&event.corrected_by)),
    ];
    let some = all.into_iter().filter(|(_, lines)| !lines.is_empty());
    some.map(|(key, lines)| (page.t(key), lines)).collect()
}

/// The payload on lines of its own, in which sealed texts are only said to be sealed.
fn readable(page: &Page, payload: &str) -> String {
    let Ok(mut payload) = serde_json::from_str::<Value>(payload) else {
        return payload.to_owned();
    };
    hide(&mut payload, &format!("🔒 {}", page.t("audit-sealed")));
    serde_json::to_string_pretty(&payload).unwrap_or_default()
}

fn hide(value: &mut Value, sealed: &str) {
    if serde_json::from_value::<Sealed>(value.clone()).is_ok() {
        *value = sealed.into();
        return;
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| hide(field, sealed)),
        Value::Array(items) => items.iter_mut().for_each(|item| hide(item, sealed)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::language::Lang;

    #[test]
    fn a_sealed_text_is_only_said_to_be_sealed() {
        let note = Sealed {
            v: 1,
            key_id: Uuid::nil(),
            nonce: "00".into(),
            text: "c0ffee".into(),
        };
        let payload = serde_json::json!({"requested": {"category": "meals", "note": note}});
        let shown = readable(&Page::sample(Lang::En), &payload.to_string());
        assert!(
            shown.contains("meals") && !shown.contains("c0ffee"),
            "{shown}"
        );
    }
}
