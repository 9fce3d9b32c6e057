//! How to reach a person, sealed as soon as it is here.

use commands::subject::set_contact::SetContact;
use domain::ids::SubjectId;
use domain::sealed::PersonalText;
use domain::subject::set_contact::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// How to reach the person.
#[derive(Deserialize, ToSchema)]
#[schema(as = SetContact)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Name, telephone, e-mail or address, as the person gave it.
    contact: PersonalText,
}

/// Set how to reach a person. It is sealed under the key of the person.
#[utoipa::path(post, path = "/subjects/{subject_id}/set-contact", tag = "subject", request_body = Body,
    responses(Done<SetContact>, Refuses<Refusal>))]
pub(crate) async fn set_contact(
    At(subject_id): At<SubjectId>,
    call: Call<Body>,
) -> Reply<Done<SetContact>> {
    call.act(|body| SetContact {
        subject_id,
        contact: body.contact,
    })
    .await
}
