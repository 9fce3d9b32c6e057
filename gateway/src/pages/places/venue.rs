//! One venue: when it is open, what is free, what waits, and how sure that is.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use projections::venue_availability::query::one_host;

use super::host::{Frame, Host};
use crate::app::App;
use crate::pages::layout::{Page, show_to_anybody};
use crate::pages::trouble::{Trouble, Why};

#[derive(Template)]
#[template(path = "venue.html")]
struct Venue<'a> {
    page: &'a Page,
    host: Host,
    hours: Option<String>,
    closures: Vec<String>,
    stale: bool,
    takes_vouchers: bool,
    others: Vec<String>,
}

/// A venue, or a place at which an organisation offers something.
pub async fn venue(
    State(app): State<Arc<App>>,
    page: Page,
    Path((_, key)): Path<(String, String)>,
) -> Result<Response, Trouble> {
    let page = page.at("venue");
    let network = page.its_network()?;
    let now = app.desk.clock().now();
    let slug = &network.founded.network;
    let found = one_host(app.views.as_ref(), slug, &key, now).await;
    let found = found.map_err(|error| page.views_failed(&error))?;
    let found = found.ok_or_else(|| page.trouble(Why::NotFound))?;
    let frame = Frame::of(&page, &network, now);
    let host = frame.host(&found);
    let others = found.other_vouchers.iter().map(|other| {
        let kind = other.item_kind;
        let kind = kind.map_or_else(|| page.t("credit"), |kind| page.kind("item-kind-", &kind));
        format!("{kind}: {}", page.n("on-board", other.on_board))
    });
    let template = Venue {
        page: &page,
        hours: found.opening_hours.clone(),
        closures: found
            .closures
            .iter()
            .map(|closure| frame.closure(closure))
            .collect(),
        stale: found.stale,
        takes_vouchers: found.takes_vouchers,
        others: others.collect(),
        host,
    };
    Ok(show_to_anybody(&page, &template))
}
