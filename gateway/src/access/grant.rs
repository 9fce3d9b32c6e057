//! An operator grants a role in a scope; the token is shown once.

use chrono::{DateTime, Utc};
use commands::access::grant::Grant;
use domain::access::Scope;
use domain::access::grant::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// The role, what it is about, and for how long.
#[derive(Deserialize, ToSchema)]
#[schema(as = GrantAccess)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The role and what it is about.
    scope: Scope,
    /// The instant from which the token opens nothing; absent = until revoked.
    until: Option<DateTime<Utc>>,
}

/// Grant access. The answer holds the token, once.
#[utoipa::path(post, path = "/accesses", tag = "access", request_body = Body,
    responses(Created<Grant>, Refuses<Refusal>))]
pub(crate) async fn grant(call: Call<Body>) -> Reply<Created<Grant>> {
    call.create(|body| Grant {
        scope: body.scope,
        until: body.until,
    })
    .await
}
