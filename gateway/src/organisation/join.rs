//! An operator lets an organisation join.

use commands::organisation::join::Join;
use domain::organisation::join::{OrganisationKind, Refusal};
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// The organisation.
#[derive(Deserialize, ToSchema)]
#[schema(as = JoinOrganisation)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its public name.
    name: Name,
    /// What it is.
    kind: OrganisationKind,
    /// The number of the agreement by which it takes part.
    agreement: Option<Name>,
}

/// Let an organisation join.
#[utoipa::path(post, path = "/organisations", tag = "organisation", request_body = Body,
    responses(Created<Join>, Refuses<Refusal>))]
pub(crate) async fn join(call: Call<Body>) -> Reply<Created<Join>> {
    call.create(|body| Join {
        name: body.name,
        kind: body.kind,
        agreement: body.agreement,
    })
    .await
}
