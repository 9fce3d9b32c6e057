//! A paused service is there again.

use commands::service::resume::Resume;
use domain::ids::ServiceId;
use domain::service::resume::Refusal;

use crate::act::{At, Call, Done, Nothing, Refuses, Reply};

/// Resume a service.
#[utoipa::path(post, path = "/services/{service_id}/resume", tag = "service", request_body = Nothing,
    responses(Done<Resume>, Refuses<Refusal>))]
pub(crate) async fn resume(
    At(service_id): At<ServiceId>,
    call: Call<Nothing>,
) -> Reply<Done<Resume>> {
    call.act(|Nothing {}| Resume { service_id }).await
}
