//! Somebody joins as a neighbour who helps.

use std::collections::BTreeSet;

use commands::member::register::Register;
use domain::help::Category;
use domain::ids::SubjectId;
use domain::member::Profile;
use domain::member::register::Refusal;
use domain::text::{Label, Language};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// The person, and with what, where and in which languages the member helps.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegisterMember)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The person.
    subject_id: SubjectId,
    /// The codes of the districts in which the member helps; none = all.
    #[serde(default)]
    districts: BTreeSet<Label>,
    /// The kinds of help; none = any.
    #[serde(default)]
    categories: BTreeSet<Category>,
    /// The languages that the member speaks, 1 to 12.
    languages: BTreeSet<Language>,
}

/// Register a member.
#[utoipa::path(post, path = "/members", tag = "member", request_body = Body,
    responses(Created<Register>, Refuses<Refusal>))]
pub(crate) async fn register(call: Call<Body>) -> Reply<Created<Register>> {
    call.create(|body| Register {
        subject_id: body.subject_id,
        profile: Profile {
            districts: body.districts,
            categories: body.categories,
            languages: body.languages,
        },
    })
    .await
}
