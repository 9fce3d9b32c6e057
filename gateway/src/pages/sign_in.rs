//! The form in which a token is exchanged for a session, and the private link that fills it in.
//! Opening either changes nothing: the button does.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::layout::{Page, show};
use super::trouble::Trouble;
use crate::app::App;

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
    /// Whether it leads to what is held about its holder, and not to gifts.
    is_about_me: bool,
}

/// The form.
pub async fn sign_in(page: Page, Query(asked): Query<Asked>) -> Response {
    let page = page.at("sign-in");
    let next = &asked.next;
    show(&page, &SignIn { page: &page, next })
}

/// A private link, of a donor or of a person about whom something is held. It is a secret: the
/// answer is kept by nobody and no log writes the path.
pub async fn link(
    State(app): State<Arc<App>>,
    page: Page,
    Path(token): Path<String>,
) -> Result<Response, Trouble> {
    let page = page.at("link");
    let who = app.door.open_token(&app.desk, &token).await;
    let who = who.map_err(|failure| page.failed(failure))?;
    let is_about_me = who.is_some_and(|who| who.subject_id().is_some());
    let token = token.as_str();
    Ok(show(
        &page,
        &Link {
            page: &page,
            token,
            is_about_me,
        },
    ))
}
