//! What a scanned code opens: where the voucher can be shown. The code stands behind the `#` of the
//! address, which browsers do not send: this page never learns it, spends nothing, and can be asked
//! nothing about codes.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use projections::venue_availability::query::one_host;
use serde::Deserialize;

use crate::app::App;
use crate::pages::layout::{Page, show};
use crate::pages::places::host::{Frame, Host};
use crate::pages::trouble::Trouble;

/// What the address says.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    at: String,
}

#[derive(Template)]
#[template(path = "shown.html")]
struct Shown<'a> {
    page: &'a Page,
    host: Option<Host>,
}

/// Where a voucher can be shown.
pub async fn shown(
    State(app): State<Arc<App>>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Trouble> {
    let page = page.at("voucher");
    let network = page.its_network()?;
    let slug = &network.founded.network;
    let now = app.desk.clock().now();
    let found = one_host(app.views.as_ref(), slug, &asked.at, now).await;
    let found = found.map_err(|error| page.views_failed(&error))?;
    let frame = Frame::of(&page, &network, now);
    let host = found.map(|host| frame.host(&host));
    Ok(show(&page, &Shown { page: &page, host }))
}
