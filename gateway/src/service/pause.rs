//! A service is not there for a while.

use chrono::{DateTime, Utc};
use commands::service::pause::Pause;
use domain::ids::ServiceId;
use domain::service::pause::Refusal;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Until when.
#[derive(Deserialize, ToSchema)]
#[schema(as = PauseService)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// When it is there again; absent = until it is resumed.
    until: Option<DateTime<Utc>>,
}

/// Pause a service.
#[utoipa::path(post, path = "/services/{service_id}/pause", tag = "service", request_body = Body,
    responses(Done<Pause>, Refuses<Refusal>))]
pub(crate) async fn pause(At(service_id): At<ServiceId>, call: Call<Body>) -> Reply<Done<Pause>> {
    call.act(|body| Pause {
        service_id,
        until: body.until,
    })
    .await
}
