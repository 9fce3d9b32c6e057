//! A person is introduced about whom something is to be held.

use chrono::{DateTime, Utc};
use commands::subject::introduce::Introduce;
use domain::subject::introduce::{Basis, Refusal, SubjectKind};
use domain::text::Label;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// Why something is held, and for how long.
#[derive(Deserialize, ToSchema)]
#[schema(as = IntroduceSubject)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// As what the person deals with the network.
    kind: SubjectKind,
    /// Why something may be held.
    basis: Basis,
    /// Which version of the privacy notice the person was given, e.g. `2026-01`.
    notice_version: Label,
    /// The instant from which nothing is held any more; absent = until the person asks or leaves.
    retain_until: Option<DateTime<Utc>>,
}

/// Introduce a person. Nothing here says who it is.
#[utoipa::path(post, path = "/subjects", tag = "subject", request_body = Body,
    responses(Created<Introduce>, Refuses<Refusal>))]
pub(crate) async fn introduce(call: Call<Body>) -> Reply<Created<Introduce>> {
    call.create(|body| Introduce {
        kind: body.kind,
        basis: body.basis,
        notice_version: body.notice_version,
        retain_until: body.retain_until,
    })
    .await
}
