//! What is asked for changes.

use chrono::{DateTime, Utc};
use commands::help_request::edit::{Edit, TextChange};
use domain::help::{Category, Effort, Window};
use domain::help_request::edit::Refusal;
use domain::ids::HelpRequestId;
use domain::text::{Label, Language};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// All of what is asked for, as it is from now on.
#[derive(Deserialize, ToSchema)]
#[schema(as = EditHelpRequest)]
#[serde(deny_unknown_fields)]
pub struct Body {
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
    /// What becomes of the note; absent = it stays.
    #[serde(default)]
    note: TextChange,
    /// What becomes of the contact; absent = it stays.
    #[serde(default)]
    contact: TextChange,
    /// What becomes of what is offered in return; absent = it stays.
    #[serde(default)]
    in_return: TextChange,
    /// The instant from which it is no longer offered; absent = the end of the window, or as before.
    expires_at: Option<DateTime<Utc>>,
}

/// Change what is asked for. Texts can be kept without being read.
#[utoipa::path(post, path = "/help-requests/{help_request_id}/edit", tag = "help_request", request_body = Body,
    responses(Done<Edit>, Refuses<Refusal>))]
pub(crate) async fn edit(
    At(help_request_id): At<HelpRequestId>,
    call: Call<Body>,
) -> Reply<Done<Edit>> {
    call.act(|body| Edit {
        help_request_id,
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
