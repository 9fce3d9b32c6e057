//! Somebody counts how many people a service was provided to. Nobody is named.

use chrono::{DateTime, Utc};
use commands::service::provide::Provide;
use domain::ids::ServiceId;
use domain::service::provide::{Method, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// How many, and when.
#[derive(Deserialize, ToSchema)]
#[schema(as = ProvideService)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// To how many people; absent = one.
    #[serde(default = "one")]
    count: u32,
    /// From when; absent = at this moment.
    from: Option<DateTime<Utc>>,
    /// Until when; absent = a single moment.
    to: Option<DateTime<Utc>>,
    /// How sure the number is; absent = counted.
    #[serde(default = "counted")]
    method: Method,
}

/// Count whom a service was provided to.
#[utoipa::path(post, path = "/services/{service_id}/provide", tag = "service", request_body = Body,
    responses(Done<Provide>, Refuses<Refusal>))]
pub(crate) async fn provide(
    At(service_id): At<ServiceId>,
    call: Call<Body>,
) -> Reply<Done<Provide>> {
    call.act(|body| Provide {
        service_id,
        count: body.count,
        from: body.from,
        to: body.to,
        method: body.method,
    })
    .await
}

fn one() -> u32 {
    1
}

fn counted() -> Method {
    Method::Counted
}
