//! A member leaves the network.

use commands::member::leave::Leave;
use domain::ids::MemberId;
use domain::member::leave::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Leave the network. Claims that are still held lapse in their time.
#[utoipa::path(post, path = "/members/{member_id}/leave", tag = "member", request_body = Nothing,
    responses(Done<Leave>, Refuses<Refusal>))]
pub(crate) async fn leave(At(member_id): At<MemberId>, call: Call<Nothing>) -> Reply<Done<Leave>> {
    call.act(|Nothing {}| Leave { member_id }).await
}
