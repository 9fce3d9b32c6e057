//! A person gets a private link.

use commands::subject::give_link::GiveLink;
use domain::access::grant::Refusal;
use domain::ids::SubjectId;

use crate::act::{At, Call, Created, Nothing, Refuses, Reply};

/// Give a person a private link. The answer holds its token, once; the link is `/link/` and the
/// token.
///
/// By it the person sees what is held, has it erased, and looks after what was asked for in the
/// person's name. A coordinator gives one to people who asked for help, an operator to everybody.
#[utoipa::path(post, path = "/subjects/{subject_id}/give-link", tag = "subject",
    responses(Created<GiveLink>, Refuses<Refusal>))]
pub(crate) async fn give_link(
    At(subject_id): At<SubjectId>,
    call: Call<Nothing>,
) -> Reply<Created<GiveLink>> {
    call.create(|_| GiveLink { subject_id }).await
}
