//! The log as an auditor reads it in a browser: a search, and one event with all about it.

pub mod event;
pub mod search;

use axum::response::{IntoResponse, Redirect, Response};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use commands::principal::Principal;
use projections::event_index::query::EventLine;

use super::layout::Page;
use super::trouble::Trouble;
use crate::read::events::may_read;

/// An event in a line of a table.
pub(super) struct Line {
    position: i64,
    event_id: String,
    act: String,
    role: String,
    actor: String,
    stream: String,
    recorded: String,
}

impl Line {
    pub(super) fn of(event: &EventLine, zone: Tz) -> Self {
        Self {
            position: event.position,
            event_id: event.event_id.to_string(),
            act: event.act.clone(),
            role: event.role.clone(),
            actor: event.actor.clone(),
            stream: event.stream.to_string(),
            recorded: local(event.recorded_at, zone),
        }
    }
}

/// To the second, on the network's clocks.
pub(super) fn local(at: DateTime<Utc>, zone: Tz) -> String {
    let at = at.with_timezone(&zone);
    at.format("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// Whoever may read the log; others are led to the sign-in, or told that it is not theirs.
pub(super) fn auditor(page: &Page, next: &str) -> Result<Result<Principal, Response>, Trouble> {
    let Some(who) = page.signed_in()? else {
        let sign_in = Redirect::to(&format!("/sign-in?next={next}"));
        return Ok(Err(sign_in.into_response()));
    };
    may_read(&who).map_err(|problem| page.failed(problem))?;
    Ok(Ok(who))
}

/// The clocks of the network.
pub(super) fn zone(page: &Page) -> Tz {
    let network = page.network.as_ref();
    network.map_or(Tz::UTC, |network| network.founded.timezone)
}
