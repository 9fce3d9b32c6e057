//! Where developers begin.

use askama::Template;
use axum::response::Response;

use super::layout::{Page, show};

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs<'a> {
    page: &'a Page,
}

/// The documentation's first page.
pub async fn docs(page: Page) -> Response {
    show(&page, &Docs { page: &page })
}
