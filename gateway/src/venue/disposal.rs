//! How far the vouchers of a venue that takes none any more are.

use axum::Json;
use axum::http::HeaderName;
use axum::http::header::LOCATION;
use commands::venue::disposal::{self as commanded, Disposal};
use domain::ids::VenueId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::act::{At, Reply};
use crate::auth::Caller;

/// Where to see how far the vouchers are.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = FollowDisposal)]
pub struct Follow {
    /// The address that tells how many vouchers went and how many are left.
    disposal: String,
}

impl Follow {
    /// For this venue.
    #[must_use]
    pub fn of(caller: &Caller, venue_id: VenueId) -> Self {
        let network = &caller.principal.network;
        Self {
            disposal: format!("/api/v1/networks/{network}/venues/{venue_id}/disposal"),
        }
    }

    /// The same as a header.
    #[must_use]
    pub fn location(&self) -> [(HeaderName, String); 1] {
        [(LOCATION, self.disposal.clone())]
    }
}

/// How far the vouchers of a venue are that is suspended or has left.
#[utoipa::path(get, path = "/venues/{venue_id}/disposal", tag = "venue",
    responses((status = 200, description = "How far they are.", body = Disposal)))]
pub(crate) async fn disposal(caller: Caller, At(venue_id): At<VenueId>) -> Reply<Json<Disposal>> {
    let disposal = commanded::disposal(&caller.app.desk, &caller.principal, venue_id).await?;
    Ok(Json(disposal))
}
