//! A member helps with something else, elsewhere, or in other languages.

use std::collections::BTreeSet;

use commands::member::change::Change;
use domain::help::Category;
use domain::ids::MemberId;
use domain::member::Profile;
use domain::member::change::Refusal;
use domain::text::{Label, Language};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// All of it, as it is from now on.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeMember)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The codes of the districts in which the member helps; none = all.
    #[serde(default)]
    districts: BTreeSet<Label>,
    /// The kinds of help; none = any.
    #[serde(default)]
    categories: BTreeSet<Category>,
    /// The languages that the member speaks, 1 to 12.
    languages: BTreeSet<Language>,
}

/// Say anew with what, where and in which languages a member helps.
#[utoipa::path(post, path = "/members/{member_id}/change", tag = "member", request_body = Body,
    responses(Done<Change>, Refuses<Refusal>))]
pub(crate) async fn change(At(member_id): At<MemberId>, call: Call<Body>) -> Reply<Done<Change>> {
    call.act(|body| Change {
        member_id,
        profile: Profile {
            districts: body.districts,
            categories: body.categories,
            languages: body.languages,
        },
    })
    .await
}
