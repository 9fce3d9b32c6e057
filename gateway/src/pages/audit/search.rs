//! Searching the log by stream, actor, act and day.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use chrono::NaiveDate;
use commands::principal::Principal;
use domain::time::{end_of, start_of};
use projections::answer::Seen;
use projections::event_index::query::{Filter, events};
use serde::Deserialize;
use uuid::Uuid;

use super::{Line, auditor, zone};
use crate::app::App;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::Trouble;

/// How many events stand on a page.
const ON_A_PAGE: u32 = 50;

/// What is looked for, as the form sends it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    stream: String,
    actor: String,
    act: String,
    correlation: String,
    from: String,
    until: String,
    after: String,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct Search<'a> {
    page: &'a Page,
    asked: Asked,
    acts: Vec<Act>,
    /// Whether what was typed is no id or no day.
    unreadable: bool,
    caption: String,
    lines: Vec<Line>,
    more: Option<String>,
}

/// A kind of act that can be chosen.
struct Act {
    name: &'static str,
    chosen: bool,
}

/// The search.
pub async fn search(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let page = page.at("audit");
    let who = match auditor(&page, "/audit")? {
        Ok(who) => who,
        Err(sign_in) => return Ok(sign_in),
    };
    let filter = asked.filter(&page, &who);
    let mut template = Search {
        acts: acts(&asked.act),
        unreadable: filter.is_none(),
        caption: page.t("audit-newest-first"),
        lines: Vec::new(),
        more: None,
        page: &page,
        asked,
    };
    if let Some(filter) = filter {
        let found = events(app.views.as_ref(), &filter, Seen::default()).await;
        let found = found.map_err(|error| page.views_failed(&error))?;
        let zone = zone(&page);
        template.lines = found.events.iter().map(|it| Line::of(it, zone)).collect();
        template.more = found.next_cursor;
    }
    Ok(show(&page, &template))
}

impl Asked {
    /// `None` if something is no id or no day.
    fn filter(&self, page: &Page, who: &Principal) -> Option<Filter> {
        let zone = zone(page);
        let day = |text: &str| match text {
            "" => Some(None),
            text => text.parse::<NaiveDate>().ok().map(Some),
        };
        let stream = match self.stream.trim() {
            "" => None,
            text => Some(text.parse::<Uuid>().ok()?),
        };
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Some(Filter {
            network: who.network.clone(),
            fund_id: who.fund_id(),
            stream,
            actor: text(&self.actor),
            act: text(&self.act),
            correlation: text(&self.correlation),
            from: day(&self.from)?.map(|day| start_of(day, zone)),
            until: day(&self.until)?.map(|day| end_of(day, zone)),
            limit: ON_A_PAGE,
            cursor: text(&self.after),
        })
    }
}

fn acts(chosen: &str) -> Vec<Act> {
    let types = domain::event::types().into_iter();
    let act = |(name, _): (&'static str, _)| Act {
        name,
        chosen: name == chosen,
    };
    types.map(act).collect()
}
