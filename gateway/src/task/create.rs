//! People are asked for, for a piece of work.

use commands::task::create::Create;
use domain::help::{Category, Window};
use domain::ids::{HelpRequestId, OrganisationId};
use domain::sealed::PersonalText;
use domain::task::create::Refusal;
use domain::text::{Label, Language, Name};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// What is to be done, when and by how many.
#[derive(Deserialize, ToSchema)]
#[schema(as = CreateTask)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// What is to be done, in one line. It stands in clear: it names work and never a person.
    title: Name,
    /// The language of the title and the note.
    language: Language,
    /// What kind of help.
    category: Category,
    /// The official code of the district.
    district_code: Label,
    /// When it is to be done.
    window: Window,
    /// How many people it needs, 1 to 200.
    slots: u32,
    /// The request for help that it serves.
    help_request_id: Option<HelpRequestId>,
    /// The organisation whose task it is; absent = the one that the caller works for.
    organisation_id: Option<OrganisationId>,
    /// What whoever comes has to know; it is sealed.
    note: Option<PersonalText>,
}

/// Ask for people for a piece of work.
#[utoipa::path(post, path = "/tasks", tag = "task", request_body = Body,
    responses(Created<Create>, Refuses<Refusal>))]
pub(crate) async fn create(call: Call<Body>) -> Reply<Created<Create>> {
    call.create(|body| Create {
        title: body.title,
        language: body.language,
        category: body.category,
        district_code: body.district_code,
        window: body.window,
        slots: body.slots,
        help_request_id: body.help_request_id,
        organisation_id: body.organisation_id,
        note: body.note,
    })
    .await
}
