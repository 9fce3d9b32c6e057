//! A venue is open after all, or open again.

use commands::venue::cancel_closure::CancelClosure;
use domain::ids::ClosureId;
use domain::ids::VenueId;
use domain::venue::cancel_closure::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Which.
#[derive(Deserialize, ToSchema)]
#[schema(as = CancelClosure)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// The closure.
    closure_id: ClosureId,
}

/// Cancel a closure of a venue.
#[utoipa::path(post, path = "/venues/{venue_id}/cancel-closure", tag = "venue", request_body = Body,
    responses(Done<CancelClosure>, Refuses<Refusal>))]
pub(crate) async fn cancel_closure(
    At(venue_id): At<VenueId>,
    call: Call<Body>,
) -> Reply<Done<CancelClosure>> {
    call.act(|body| CancelClosure {
        venue_id,
        closure_id: body.closure_id,
    })
    .await
}
