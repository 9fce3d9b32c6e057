//! The form in which a token is exchanged for a session, and the private link that fills it in.
//! Opening either changes nothing: the button does.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use serde::Deserialize;

use super::layout::{Page, show};

/// Where to go afterwards.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn<'a> {
    page: &'a Page,
    next: &'a str,
}

#[derive(Template)]
#[template(path = "link.html")]
struct Link<'a> {
    page: &'a Page,
    token: &'a str,
}

/// The form.
pub async fn sign_in(page: Page, Query(asked): Query<Asked>) -> Response {
    let page = page.at("sign-in");
    let next = &asked.next;
    show(&page, &SignIn { page: &page, next })
}

/// A donor's private link. It is a secret: the answer is kept by nobody and no log writes the path.
pub async fn link(page: Page, Path(token): Path<String>) -> Response {
    let page = page.at("link");
    let token = token.as_str();
    show(&page, &Link { page: &page, token })
}
