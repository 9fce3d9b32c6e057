//! The pages: HTML made on the server, readable without scripts, in three languages.
//!
//! # How to add a page
//!
//! 1. One folder or file per page: a `#[derive(Template)]` structure with a field `page: Page`, its
//!    file in `gateway/templates/`, which begins with `{% extends "base.html" %}`.
//! 2. Every word stands in `gateway/locales/{cs,pl,en}/<page>.ftl`. In templates:
//!    `{{ page.t("key") }}`, with a number `{{ page.n("key", n) }}` (`$n`), with a text
//!    `{{ page.s("key", text) }}` (`$it`). A key that is put together begins with one of
//!    [`texts::FAMILIES`]. Tests find what is missing or unused.
//! 3. The handler takes [`layout::Page`] and answers `page.at("name")` in [`layout::show`]. What it
//!    cannot answer is a [`trouble::Trouble`]: a page that says so in words.
//! 4. No inline style or script: the policy in `security` forbids both.

pub mod language;
pub mod layout;
pub mod texts;
pub mod trouble;

pub mod choice;
pub mod figures;
pub mod map;

pub mod audit;
pub mod counter;
pub mod coverage;
pub mod places;

pub mod docs;
pub mod gifts;
pub mod held;
pub mod how;
pub mod sign_in;
pub mod verify;
pub mod vouchers;

mod assets;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Every page and what it is drawn with.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(places::home::root))
        .route("/n/{network}", get(places::home::home))
        .route("/n/{network}/venues/{key}", get(places::venue::venue))
        .route("/n/{network}/voucher", get(vouchers::shown::shown))
        .route("/sheets/{prepayment}", get(vouchers::sheet::sheet))
        .route("/coverage", get(coverage::root))
        .route("/n/{network}/coverage", get(coverage::of_network))
        .route("/gifts", get(gifts::gifts))
        .route("/held", get(held::page::held))
        .route(
            "/held/erase",
            get(held::erase::ask).post(held::erase::erase),
        )
        .route("/link/{token}", get(sign_in::link))
        .route("/how-it-works", get(how::how))
        .route("/docs", get(docs::docs))
        .route("/verify", get(verify::verify))
        .route("/audit", get(audit::search::search))
        .route("/audit/events/{event_id}", get(audit::event::event))
        .merge(counter::routes())
        .route("/assets/counter.js", get(assets::counter))
        .route("/assets/use.js", get(assets::script))
        .route("/assets/style.css", get(assets::style))
        .route("/assets/icon.svg", get(assets::icon))
}
