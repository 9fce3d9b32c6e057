//! All that is sealed under a person's key is erased.

use commands::subject::erase::Erase;
use domain::ids::SubjectId;
use domain::subject::erase::{ErasureReason, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Why.
#[derive(Deserialize, ToSchema)]
#[schema(as = EraseSubject)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Why.
    reason: ErasureReason,
}

/// Erase a person: from the answer on nothing is opened, and the key is destroyed soon after.
#[utoipa::path(post, path = "/subjects/{subject_id}/erase", tag = "subject", request_body = Body,
    responses(Done<Erase>, Refuses<Refusal>))]
pub(crate) async fn erase(At(subject_id): At<SubjectId>, call: Call<Body>) -> Reply<Done<Erase>> {
    call.act(|body| Erase {
        subject_id,
        reason: body.reason,
    })
    .await
}
