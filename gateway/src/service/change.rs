//! A service gets another name, other hours or another capacity.

use commands::service::change::Change;
use domain::hours::Hours;
use domain::ids::ServiceId;
use domain::service::Details;
use domain::service::change::Refusal;
use domain::text::Name;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::act::{At, Call, Done, Refuses, Reply};

/// Its name, hours and capacity, as a whole.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeService)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// Its public name, where its kind does not say enough.
    name: Option<Name>,
    /// When it is there; absent = whenever its venue is open.
    hours: Option<Hours>,
    /// For how many people it has room at a time; absent = nobody counts.
    capacity: Option<u32>,
}

/// Say anew what a service is called, when it is there and for how many.
#[utoipa::path(post, path = "/services/{service_id}/change", tag = "service", request_body = Body,
    responses(Done<Change>, Refuses<Refusal>))]
pub(crate) async fn change(At(service_id): At<ServiceId>, call: Call<Body>) -> Reply<Done<Change>> {
    call.act(|body| Change {
        service_id,
        details: Details {
            name: body.name,
            hours: body.hours,
            capacity: body.capacity,
        },
    })
    .await
}
