//! The person has all of it erased: one page asks, and a button does it.

use askama::Template;
use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use commands::executor::{Request, UseCase as _};
use commands::subject::erase::Erase;
use domain::envelope::Channel;
use domain::subject::erase::ErasureReason;
use serde::Deserialize;

use super::Person;
use crate::pages::layout::{Page, show};
use crate::pages::trouble::{Trouble, Why};

/// Under which key the form does its one act, whenever it is sent.
const KEY: &str = "held/erase";

#[derive(Template)]
#[template(path = "held_erase.html")]
struct Ask<'a> {
    page: &'a Page,
    csrf: &'a str,
}

/// What the form carries.
#[derive(Deserialize)]
pub struct Sent {
    csrf: String,
}

/// Asks.
pub async fn ask(person: Person) -> Result<Response, Trouble> {
    let page = &person.page;
    person.subject.ok_or_else(|| page.trouble(Why::NotFound))?;
    let csrf = page.csrf().unwrap_or_default();
    Ok(show(page, &Ask { page, csrf }))
}

/// Erases.
pub async fn erase(
    person: Person,
    sent: Result<Form<Sent>, FormRejection>,
) -> Result<Response, Trouble> {
    let page = &person.page;
    let old_form = || page.trouble(Why::OldForm);
    let Form(sent) = sent.map_err(|_| old_form())?;
    let checked = person.session.check(&person.app.sessions, &sent.csrf);
    checked.map_err(|_| old_form())?;
    let subject_id = person.subject.ok_or_else(|| page.trouble(Why::NotFound))?;
    let desk = &person.app.desk;
    let hash = desk.codes().request_hash(Erase::NAME, b"held");
    let who = person.who.clone();
    let request = Request::new(who, KEY.to_owned(), hash, Channel::Page);
    let reason = ErasureReason::Asked;
    let erased = desk.execute(request, Erase { subject_id, reason }).await;
    erased.map_err(|failure| page.failed(failure))?;
    Ok(Redirect::to("/held").into_response())
}
