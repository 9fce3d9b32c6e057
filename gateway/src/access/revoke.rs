//! An operator revokes a grant: its token and every session from it end at once.

use std::sync::Arc;

use commands::access::revoke::Revoke;
use domain::access::revoke::Refusal;
use domain::ids::AccessId;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Revoke access. Its token and every session from it end at once.
#[utoipa::path(post, path = "/accesses/{access_id}/revoke", tag = "access", request_body = Nothing,
    responses(Done<Revoke>, Refuses<Refusal>))]
pub(crate) async fn revoke(
    At(access_id): At<AccessId>,
    call: Call<Nothing>,
) -> Reply<Done<Revoke>> {
    let app = Arc::clone(&call.caller.app);
    let answer = call.act(|Nothing {}| Revoke { access_id }).await;
    app.door.forget(access_id);
    answer
}
