//! How it works, in plain words.

use askama::Template;
use axum::response::Response;

use super::layout::{Page, show};

#[derive(Template)]
#[template(path = "how.html")]
struct How<'a> {
    page: &'a Page,
}

/// The explanation.
pub async fn how(page: Page) -> Response {
    let page = page.at("how");
    show(&page, &How { page: &page })
}
