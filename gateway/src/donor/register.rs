//! A donor is registered and gets a private link.

use commands::donor::register::Register;
use domain::donor::register::Refusal;
use domain::ids::SubjectId;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{Call, Created, Refuses, Reply};

/// Who it is.
#[derive(Deserialize, ToSchema)]
#[schema(as = RegisterDonor)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The person, if the donor wants to be known.
    subject: Option<SubjectId>,
}

/// Register a donor. The answer holds the token of the private link, once.
#[utoipa::path(post, path = "/donors", tag = "donor", request_body = Body,
    responses(Created<Register>, Refuses<Refusal>))]
pub(crate) async fn register(call: Call<Body>) -> Reply<Created<Register>> {
    call.create(|body| Register {
        subject: body.subject,
    })
    .await
}
