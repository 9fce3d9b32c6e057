//! An operator closes a place for good.

use commands::place::close::Close;
use domain::ids::PlaceId;
use domain::place::close::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Close a place.
#[utoipa::path(post, path = "/places/{place_id}/close", tag = "place", request_body = Nothing,
    responses(Done<Close>, Refuses<Refusal>))]
pub(crate) async fn close(At(place_id): At<PlaceId>, call: Call<Nothing>) -> Reply<Done<Close>> {
    call.act(|Nothing {}| Close { place_id }).await
}
