//! Somebody asks for help, or a coordinator asks for somebody who telephones.

use chrono::{DateTime, Utc};
use commands::help_request::request::Request;
use domain::help::{Category, Effort, Window};
use domain::help_request::request::Refusal;
use domain::ids::SubjectId;
use domain::sealed::PersonalText;
use domain::text::{Label, Language};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What is asked for.
#[derive(Deserialize, ToSchema)]
#[schema(as = RequestHelp)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The person, where something about the person is held; a member asks for itself.
    subject_id: Option<SubjectId>,
    /// What kind of help.
    category: Category,
    /// The official code of the district.
    district_code: Label,
    /// When help is wanted; absent = at any time.
    window: Option<Window>,
    /// How much time it takes.
    effort: Option<Effort>,
    /// The language of the texts; required where there is a note or something in return.
    language: Option<Language>,
    /// What is needed, in the person's words.
    note: Option<PersonalText>,
    /// How to reach the person, where it is not the person's own contact.
    contact: Option<PersonalText>,
    /// What the person can give in return; every member reads it.
    in_return: Option<PersonalText>,
    /// The instant from which it is no longer offered; absent = the end of the window, or 30 days.
    expires_at: Option<DateTime<Utc>>,
}

/// Ask for help. Texts are sealed: they open for whoever comes, the person and a coordinator.
#[utoipa::path(post, path = "/help-requests", tag = "help_request", request_body = Body,
    responses(Created<Request>, Refuses<Refusal>))]
pub(crate) async fn request(call: Call<Body>) -> Reply<Created<Request>> {
    call.create(|body| Request {
        subject_id: body.subject_id,
        category: body.category,
        district_code: body.district_code,
        window: body.window,
        effort: body.effort,
        language: body.language,
        note: body.note,
        contact: body.contact,
        in_return: body.in_return,
        expires_at: body.expires_at,
    })
    .await
}
